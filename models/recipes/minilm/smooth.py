"""Evens out activations before they are quantised (after SmoothQuant, Xiao et al. 2023, section 4).

A few channels of some activations are ten times as large as the rest, and with one uint8 scale a tensor they leave the
others few levels. Such a channel is divided by a power of two on its way into the matrix product and its row of the
weights multiplied by the same; every other channel keeps its value. In exact arithmetic nothing changes.

The peaks are found on sequences of random tokens, so no data is needed. Powers of two make the factors the same on every
machine, though the last bits of the peaks differ.
"""

import numpy as np

import reference
from weights import Dense, Weights

Factors = dict[tuple[int, str], np.ndarray]  # (block, matrix) to float32 [in]: 1, 2, 4, …

ODD = 3.0  # a channel is evened out when its peak is about this many times the median channel's peak
SEQUENCES, LONGEST = 400, 40
FIRST_WORD, VOCABULARY = 999, 30522


def find_factors(weights: Weights) -> Factors:
    """Factors for the inputs of `qkv`, `ffn_in` and `ffn_out` of every block."""
    return {place: to_factors(peaks) for place, peaks in find_peaks(weights).items()}


def to_factors(peaks: np.ndarray) -> np.ndarray:
    excess = np.maximum(1, peaks / (ODD * np.median(peaks)))
    return np.exp2(np.rint(np.log2(excess))).astype(np.float32)


def find_peaks(weights: Weights) -> Factors:
    """The largest magnitude of each input channel: float32 [in]."""
    peaks: Factors = {}
    random_source = np.random.default_rng(0)
    for _ in range(SEQUENCES):
        words = random_source.integers(FIRST_WORD, VOCABULARY, random_source.integers(1, LONGEST))
        hidden = reference.embed_tokens(weights, np.array([[101, *words, 102]]))
        for index, block in enumerate(weights.blocks):

            def keep(matrix: str, x: np.ndarray, index: int = index) -> None:
                peak = np.abs(x).max(axis=(0, 1))
                peaks[index, matrix] = np.maximum(peaks.get((index, matrix), 0), peak)

            hidden = reference.run_block(block, hidden, keep)
    return peaks


def scale_rows(dense: Dense, factors: np.ndarray) -> Dense:
    """The matrix that takes the evened-out input."""
    return Dense(dense.weight * factors[:, None], dense.bias)
