"""Symmetric int8 quantisation: one scale a row of the word table, one a column of a weight matrix.

Symmetric, because the matrix kernels are fastest without a zero point on the weights. Activations are quantised while
the model runs (dynamic uint8, one scale a tensor), so no calibration data is needed.
"""

import numpy as np

LEVELS = 127


def quantise_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 [rows, columns] to int8 of the same shape and float32 [rows]; value = int8 * scale."""
    peaks = np.abs(table).max(axis=1)
    scales = np.where(peaks > 0, peaks / LEVELS, 1).astype(np.float32)
    return np.rint(table / scales[:, None]).clip(-LEVELS, LEVELS).astype(np.int8), scales


def quantise_columns(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 [in, out] to int8 [in, out] and float32 [out]."""
    values, scales = quantise_rows(weight.T)
    return np.ascontiguousarray(values.T), scales
