"""Writes the trained trunk as six int8 ONNX stages of one block each, and the word table that minilm has too."""

from pathlib import Path

import numpy as np

from minilm import BLOCKS, FIRST_INPUT, HIDDEN, LATER_INPUT, OUTPUT, build_stage, find_factors, quantise_rows, read_weights
from model import Trunk


def write_stages(trunk: Trunk, out: Path) -> list[dict]:
    """Answers the manifest's entries. A request can leave after every stage, so a stage is one block."""
    out.mkdir(parents=True, exist_ok=True)
    weights = trunk.to_weights()
    factors = find_factors(weights)
    stages = []
    for block in range(BLOCKS):
        name = f"stage-{block}.onnx"
        (out / name).write_bytes(build_stage(weights, factors, block, 1))
        stages.append({"file": name, "input": LATER_INPUT if block else FIRST_INPUT, "output": OUTPUT, "blocks": 1})
    return stages


def read_table() -> np.ndarray:
    """The word vectors that are served: float32 [words, 384]."""
    values, scales = quantise_rows(read_weights().word)
    assert values.shape[1] == HIDDEN
    return values * scales[:, None]
