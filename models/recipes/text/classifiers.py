"""A task's file of classifiers, read and applied in numpy: the reference for the runtime's own code. Needs no torch."""

from pathlib import Path

import numpy as np

from minilm import HIDDEN


def read_classifiers(
    file: Path, entry: dict, ramps: int, width: int = HIDDEN
) -> tuple[list[list[np.ndarray]], tuple[np.ndarray, np.ndarray]]:
    """The layout that manifest.py writes: five arrays a ramp, then the head's two; `width` is that of the states."""
    values = np.fromfile(file, dtype="<f4")
    classes, units, pools = len(entry["labels"]), entry["rampUnits"], len(entry["pooling"])
    at = 0

    def take(*shape: int) -> np.ndarray:
        nonlocal at
        at += int(np.prod(shape))
        return values[at - int(np.prod(shape)) : at].reshape(shape)

    read = [
        [take(pools - 1, width), take(units, pools * width), take(units), take(classes, units), take(classes)] for _ in range(ramps)
    ]
    head = take(classes, width), take(classes)
    if at != len(values):
        raise SystemExit(f"{file} holds {len(values)} numbers, expected {at}")
    return read, head


def apply_ramp(ramp: list[np.ndarray], hidden: np.ndarray) -> np.ndarray:
    """Hidden states [tokens, 384] to logits: the reference for the runtime's own code."""
    queries, middle, middle_bias, out, out_bias = ramp
    scores = queries @ hidden.T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    looked = (weights @ hidden) / weights.sum(axis=1, keepdims=True)
    pooled = np.concatenate([hidden.mean(axis=0), looked.ravel()])
    x = middle @ pooled + middle_bias
    active = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return out @ active + out_bias
