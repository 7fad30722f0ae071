"""What this recipe shares with minilm's: the starting weights, the tokenizer, the int8 word table and the stage builder.

The recipes' modules have flat names, so minilm's folder goes to the end of the search path: a module of the same name
here comes first.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "minilm"))

from graph import FIRST_INPUT, LATER_INPUT, OUTPUT, Graph, build_stage  # noqa: E402
from quantise import quantise_rows  # noqa: E402
from smooth import find_factors  # noqa: E402
from weights import (  # noqa: E402
    BLOCKS,
    EPSILON,
    HEADS,
    HIDDEN,
    MAX_TOKENS,
    Block,
    Dense,
    Norm,
    Weights,
    read_tokenizer,
    read_weights,
    to_ids,
)

__all__ = [
    "BLOCKS",
    "EPSILON",
    "FIRST_INPUT",
    "HEADS",
    "HIDDEN",
    "LATER_INPUT",
    "MAX_TOKENS",
    "OUTPUT",
    "Block",
    "Dense",
    "Graph",
    "Norm",
    "Weights",
    "build_stage",
    "find_factors",
    "quantise_rows",
    "read_tokenizer",
    "read_weights",
    "to_ids",
]
