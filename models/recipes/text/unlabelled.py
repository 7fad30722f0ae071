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
    """Token ids, none of them a held-out row's; `limit` for a smoke run."""
    random = np.random.default_rng(seed)
    texts = [*cut_parts(task, random), *read_questions(data / "qqp" / "train.jsonl.gz", random)]
    held_out = {tuple(ids) for part in ("tune", "calibrate", "dev") for ids in task.parts[part].ids}
    rows = [shorten(ids) for ids in to_ids(read_tokenizer(), texts[:limit]) if tuple(ids) not in held_out]
    print(f"{task.name}: {len(rows)} unlabelled texts, {len(texts[:limit]) - len(rows)} left out as held-out rows", flush=True)
    return rows


def shorten(ids: list[int]) -> list[int]:
    """To what training takes, the separator kept."""
    return ids if len(ids) <= TRAIN_TOKENS else [*ids[: TRAIN_TOKENS - 1], ids[-1]]


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
        print(f"{file} is not there: ramps are fitted without its questions", flush=True)
        return []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        questions = sorted({json.loads(line)["text_a"] for line in lines})
    return [questions[index] for index in random.permutation(len(questions))[:QUESTIONS]]
