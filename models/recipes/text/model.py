"""The trunk (six BERT blocks, weights as in minilm) with a head for each task and a ramp after each block but the last.

The word table is frozen and is minilm's int8 table, dequantised: both models share one file, and training sees the
values that will be served. Everything else is trained.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from minilm import BLOCKS, EPSILON, HEADS, HIDDEN, Block, Dense, Norm, Weights, quantise_rows

SMALL = 8  # up to so many classes a training ramp's middle layer has 16 units, else 64


class EncoderBlock(nn.Module):
    """A post-norm transformer block: [rows, tokens, 384] to the same shape."""

    def __init__(self, dropout: float, attention_dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.attention_out = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.ffn_in = nn.Linear(HIDDEN, 4 * HIDDEN)
        self.ffn_out = nn.Linear(4 * HIDDEN, HIDDEN)
        self.ffn_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.dropout = dropout
        self.attention_dropout = attention_dropout

    def forward(self, hidden: Tensor) -> Tensor:
        rows, tokens, _ = hidden.shape
        query, key, value = self.qkv(hidden).view(rows, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        drop = self.attention_dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, dropout_p=drop)
        mixed = self.attention_out(mixed.transpose(1, 2).reshape(rows, tokens, HIDDEN))
        hidden = self.attention_norm(hidden + functional.dropout(mixed, self.dropout, self.training))
        narrow = self.ffn_out(functional.gelu(self.ffn_in(hidden)))
        return self.ffn_norm(hidden + functional.dropout(narrow, self.dropout, self.training))


class Trunk(nn.Module):
    """Token ids to the hidden states after each block. Without attention dropout, training takes the fused kernel."""

    def __init__(self, weights: Weights, dropout: float = 0.1, attention_dropout: float = 0.1) -> None:
        super().__init__()
        values, scales = quantise_rows(weights.word)
        self.register_buffer("word", torch.from_numpy(values * scales[:, None]), persistent=False)
        self.position = nn.Parameter(torch.from_numpy(weights.position.copy()))
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.blocks = nn.ModuleList(EncoderBlock(dropout, attention_dropout) for _ in range(BLOCKS))
        self.dropout = dropout
        load_norm(self.norm, weights.norm)
        for module, block in zip(self.blocks, weights.blocks, strict=True):
            load_block(module, block)

    def forward(self, ids: Tensor) -> list[Tensor]:
        hidden = self.norm(self.embed(ids))
        hidden = functional.dropout(hidden, self.dropout, self.training)
        states = []
        for block in self.blocks:
            hidden = block(hidden)
            states.append(hidden)
        return states

    def embed(self, ids: Tensor) -> Tensor:
        """Words and positions, before the first normalisation."""
        return functional.embedding(ids, self.word) + self.position[: ids.shape[1]]

    def to_weights(self) -> Weights:
        """The trained trunk in minilm's layout, for its stage builder."""
        return Weights(
            word=to_numpy(self.word),
            position=to_numpy(self.position),
            norm=read_norm(self.norm),
            blocks=tuple(read_block(block) for block in self.blocks),
        )


class Ramp(nn.Module):
    """Hidden states of any block to a task's logits: [rows, tokens, 384] to [rows, classes].

    Pools: the mean over all tokens and a mean weighted by each learned query; then a narrow layer with GELU (tanh form). The
    narrow layer makes it cost less than one matrix of [384, classes] would where there are many classes.
    """

    def __init__(self, classes: int, queries: int = 1, units: int | None = None) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.zeros(queries, HIDDEN))
        self.middle = nn.Linear((1 + queries) * HIDDEN, units or (16 if classes <= SMALL else 64))
        self.out = nn.Linear(self.middle.out_features, classes)

    def forward(self, hidden: Tensor) -> Tensor:
        return self.classify(self.pool(hidden.float()))

    def pool(self, hidden: Tensor) -> Tensor:
        weights = torch.softmax(hidden @ self.query.T, dim=1).transpose(1, 2)
        return torch.cat([hidden.mean(dim=1), (weights @ hidden).flatten(1)], dim=1)

    def classify(self, pooled: Tensor) -> Tensor:
        return self.out(functional.gelu(self.middle(pooled), approximate="tanh"))


class Head(nn.Module):
    """The last block's hidden states to a task's final logits: a linear layer on the mean over all tokens."""

    def __init__(self, classes: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(HIDDEN, classes)

    def forward(self, hidden: Tensor) -> Tensor:
        return self.out(self.dropout(hidden.float().mean(dim=1)))


class TextModel(nn.Module):
    def __init__(self, weights: Weights, classes: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        self.trunk = Trunk(weights, dropout, dropout)
        self.heads = nn.ModuleDict({task: Head(count, dropout) for task, count in classes.items()})
        self.ramps = nn.ModuleDict(
            {task: nn.ModuleList(Ramp(count) for _ in range(BLOCKS - 1)) for task, count in classes.items()}
        )

    def forward(self, task: str, ids: Tensor, with_ramps: bool = True) -> tuple[list[Tensor], Tensor]:
        """Logits of the ramps after blocks 1 to 5 (none without ramps), and the final logits."""
        states = self.trunk(ids)
        if not with_ramps:
            return [], self.heads[task](states[-1])
        ramps = [ramp(hidden) for ramp, hidden in zip(self.ramps[task], states[:-1], strict=True)]
        return ramps, self.heads[task](states[-1])


def to_numpy(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy().astype(np.float32)


def read_dense(module: nn.Linear) -> Dense:
    return Dense(np.ascontiguousarray(to_numpy(module.weight).T), to_numpy(module.bias))


def read_norm(module: nn.LayerNorm) -> Norm:
    return Norm(to_numpy(module.weight), to_numpy(module.bias))


def read_block(module: EncoderBlock) -> Block:
    dense = {name: read_dense(getattr(module, name)) for name in ("qkv", "attention_out", "ffn_in", "ffn_out")}
    return Block(**dense, attention_norm=read_norm(module.attention_norm), ffn_norm=read_norm(module.ffn_norm))


def load_dense(module: nn.Linear, dense: Dense) -> None:
    module.weight.data = torch.from_numpy(np.ascontiguousarray(dense.weight.T))
    module.bias.data = torch.from_numpy(dense.bias.copy())


def load_norm(module: nn.LayerNorm, norm: Norm) -> None:
    module.weight.data = torch.from_numpy(norm.gamma.copy())
    module.bias.data = torch.from_numpy(norm.beta.copy())


def load_block(module: EncoderBlock, block: Block) -> None:
    for name in ("qkv", "attention_out", "ffn_in", "ffn_out"):
        load_dense(getattr(module, name), getattr(block, name))
    load_norm(module.attention_norm, block.attention_norm)
    load_norm(module.ffn_norm, block.ffn_norm)
