"""The verifier: the text model's trunk with one task, over two questions in one sequence.

What belongs to the second question (its words and the last separator) has a learned vector added to its word vectors,
as BERT's second token type. It starts from the starting weights' own: the difference of their two token types.
"""

import torch
from safetensors.numpy import load_file
from torch import Tensor, nn

from pair_ids import LABELS, SEP
from text import TextModel, Trunk, Weights

from weights import model_directory  # minilm's

TASK = "same"


class PairTrunk(Trunk):
    """Token ids of pairs to the hidden states after each block."""

    def __init__(self, weights: Weights, dropout: float) -> None:
        super().__init__(weights, dropout, attention_dropout=0.0)
        types = load_file(model_directory() / "model.safetensors")["embeddings.token_type_embeddings.weight"]
        self.second = nn.Parameter(torch.from_numpy(types[1] - types[0]))

    def embed(self, ids: Tensor) -> Tensor:
        return super().embed(ids) + is_second(ids).unsqueeze(2) * self.second


class PairModel(TextModel):
    def __init__(self, weights: Weights, dropout: float = 0.1) -> None:
        super().__init__(weights, {TASK: len(LABELS)}, dropout)
        self.trunk = PairTrunk(weights, dropout)


def is_second(ids: Tensor) -> Tensor:
    """Bool of the ids' shape: what follows the first separator."""
    separators = ids == SEP
    return (separators.cumsum(dim=1) - separators.long()) > 0
