"""STS-B (semantic textual similarity) files, and Spearman's rank correlation."""

import gzip
import json
from pathlib import Path

import numpy as np


def read_pairs(file: Path) -> tuple[list[float], list[str], list[str]]:
    """Gold scores from 0 to 5 and the two sides of each pair, from JSON Lines with score, text_a, text_b."""
    if not file.is_file():
        raise SystemExit(f"no data: {file} does not exist; name another place with --data or --eval")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["score"] for row in rows], [row["text_a"] for row in rows], [row["text_b"] for row in rows]


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation of the ranks, ties sharing their mean rank."""
    return float(np.corrcoef(to_ranks(a), to_ranks(b))[0, 1])


def to_ranks(values: np.ndarray) -> np.ndarray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]
