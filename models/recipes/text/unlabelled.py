"""Texts without a label for fitting ramps, which only have to say what the full model will say.

On its train rows the full model is surer than on any other, and right nearly always: a ramp that sees those alone learns little of where the
two part. So it also sees parts of train texts, and questions of qqp's train split where that is at hand.
"""

import gzip
import json
from pathlib import Path

import numpy as np

from data import TRAIN_TOKENS, Task
from minilm import read_tokenizer, to_ids

PARTS = 4000
QUESTIONS = 8000


def read_unlabelled(task: Task, data: Path, seed: int, limit: int | None = None) -> list[list[int]]:
    """Token ids; `limit` for a smoke run."""
    random = np.random.default_rng(seed)
    texts = [*cut_parts(task, random), *read_questions(data / "qqp" / "train.jsonl.gz", random)]
    return [[*ids[: TRAIN_TOKENS - 1], ids[-1]] for ids in to_ids(read_tokenizer(), texts[:limit])]


def cut_parts(task: Task, random: np.random.Generator) -> list[str]:
    """Runs of words, from a third of a text to all of it."""
    texts = [text.split() for text in task.parts["train"].texts]
    parts = []
    for row in random.integers(len(texts), size=PARTS):
        words = texts[row]
        length = max(1, round(len(words) * random.uniform(0.3, 1)))
        start = random.integers(len(words) - length + 1)
        parts.append(" ".join(words[start : start + length]))
    return parts


def read_questions(file: Path, random: np.random.Generator) -> list[str]:
    if not file.is_file():
        return []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        questions = sorted({json.loads(line)["text_a"] for line in lines})
    return [questions[index] for index in random.permutation(len(questions))[:QUESTIONS]]
