"""Rows as token ids and label numbers, in batches of equal length, so that nothing is padded and no mask is needed."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from minilm import read_tokenizer, to_ids
from splits import SOURCES, read_splits

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
CACHE = Path.home() / ".cache" / "perigee" / "text"

OUT_OF_SCOPE = "oos"
TRAIN_TOKENS = 64  # longer training rows are cut to their head, as the gateway cuts at MAX_TOKENS


@dataclass(frozen=True)
class Part:
    """Token ids with CLS and SEP, label numbers, and the texts themselves, of one part of one task."""

    ids: list[list[int]]
    labels: np.ndarray
    texts: list[str]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Task:
    name: str
    labels: tuple[str, ...]
    parts: dict[str, Part]


def read_task(name: str, data: Path = DATA, limit: int | None = None) -> Task:
    """A task's parts as ids. `limit` keeps the first rows of each part in hash order, for smoke runs."""
    tokenizer = read_tokenizer()
    splits = read_splits(data, name)
    labels = tuple(sorted({row.label for rows in splits.values() for row in rows}))
    number = {label: index for index, label in enumerate(labels)}
    parts = {}
    for part, rows in splits.items():
        if limit:
            rows = random.Random(0).sample(rows, min(limit, len(rows)))
        texts = [row.text for row in rows]
        labelled = np.array([number[row.label] for row in rows], dtype=np.int64)
        parts[part] = Part(to_ids(tokenizer, texts), labelled, texts)
    return Task(name, labels, parts)


def read_tasks(names: Sequence[str], data: Path = DATA, limit: int | None = None) -> list[Task]:
    unknown = set(names) - set(SOURCES)
    if unknown:
        raise SystemExit(f"unknown task {sorted(unknown)}: expected some of {sorted(SOURCES)}")
    return [read_task(name, data, limit) for name in names]


@dataclass(frozen=True)
class Batch:
    """ids int64 [rows, tokens], labels int64 [rows], and where the rows stand in their part."""

    task: str
    ids: np.ndarray
    labels: np.ndarray
    rows: np.ndarray


def make_batches(
    task: str, part: Part, tokens: int, random: np.random.Generator | None = None, longest: int = TRAIN_TOKENS
) -> list[Batch]:
    """Every row once, in batches of equal length of up to so many tokens, shuffled if a generator is given."""
    by_length: dict[int, list[int]] = defaultdict(list)
    order = np.arange(len(part)) if random is None else random.permutation(len(part))
    for index in order.tolist():
        by_length[min(len(part.ids[index]), longest)].append(index)
    batches = []
    for length, indices in by_length.items():
        size = max(1, tokens // length)
        for start in range(0, len(indices), size):
            rows = np.array(indices[start : start + size])
            ids = np.array([[*part.ids[row][: length - 1], part.ids[row][-1]] for row in rows])
            batches.append(Batch(task, ids, part.labels[rows], rows))
    return batches
