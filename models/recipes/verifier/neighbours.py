"""Pairs from intent data, as a growing cache would see them: each text with its nearest neighbours by minilm's cosine.

A neighbour of another intent is a different question (hard negatives, the nearest first), one of the same intent the same
question, unless the intent is one of slotted.py. Held-out rows are not read: banking77's fifth, clinc150's val files.
"""

from pathlib import Path

import numpy as np

from pair_rows import Pair
from slotted import SLOTTED
from text import MAX_TOKENS, read_splits, read_tokenizer, read_weights

import reference  # minilm's

TASKS = ("banking77", "clinc150")
NEIGHBOURS = 24  # looked at
NEGATIVES = 2
POSITIVES = 2
CHUNK = 1024


def mine_pairs(data: Path, cache: Path, seed: int) -> list[Pair]:
    """Of both tasks, in a fixed order."""
    pairs = []
    for task in TASKS:
        parts = read_splits(data, task)
        rows = [row for part in ("train", "tune", "calibrate") for row in parts[part]]
        nearest = read_nearest([row.text for row in rows], cache / f"{task}.npy")
        pairs += pair_up([row.text for row in rows], [row.label for row in rows], nearest, seed)
    return pairs


def read_nearest(texts: list[str], file: Path) -> np.ndarray:
    """int32 [texts, NEIGHBOURS], the nearest first; from the file, or computed and left there."""
    if file.is_file():
        nearest = np.load(file)
        assert len(nearest) == len(texts), f"{file} holds {len(nearest)} rows, expected {len(texts)}: delete it"
        return nearest
    ids = [encoding.ids[:MAX_TOKENS] for encoding in read_tokenizer().encode_batch(texts)]
    nearest = find_nearest(reference.embed(read_weights(), ids))
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, nearest)
    return nearest


def find_nearest(vectors: np.ndarray) -> np.ndarray:
    nearest = np.empty((len(vectors), NEIGHBOURS), dtype=np.int32)
    for start in range(0, len(vectors), CHUNK):
        cosines = vectors[start : start + CHUNK] @ vectors.T
        np.put_along_axis(cosines, np.arange(start, start + len(cosines))[:, None], -2, axis=1)
        top = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        order = np.argsort(-np.take_along_axis(cosines, top, axis=1), axis=1, kind="stable")
        nearest[start : start + CHUNK] = np.take_along_axis(top, order, axis=1)
    return nearest


def pair_up(texts: list[str], labels: list[str], nearest: np.ndarray, seed: int) -> list[Pair]:
    """For each text its NEGATIVES nearest of another label, and POSITIVES drawn from those near it with its own."""
    random = np.random.default_rng(seed)
    pairs = []
    for row, near in enumerate(nearest.tolist()):
        others = [at for at in near if labels[at] != labels[row]][:NEGATIVES]
        same = [] if labels[row] in SLOTTED else [at for at in near if labels[at] == labels[row]]
        drawn = [same[at] for at in random.permutation(len(same))[:POSITIVES]]
        pairs += [Pair(texts[row], texts[at], int(labels[at] == labels[row]), "intent") for at in [*others, *drawn]]
    return pairs
