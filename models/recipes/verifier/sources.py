"""The sources of training pairs: Quora's, sentence similarity's, neighbours among intents, and generated swaps."""

import json
import subprocess
from pathlib import Path

from neighbours import mine_pairs
from pair_rows import Pair, questions_of, read_pair_parts
from text import ROOT, read_splits, to_key

from stsb import read_pairs as read_scored  # minilm's

SAME_FROM, DIFFERENT_TO = 4.2, 3.0  # of STS-B's scores from 0 to 5; what lies between is neither
GENERATOR = ["node", "models/recipes/verifier/swaps/main.ts"]


def read_sources(data: Path, cache: Path, seed: int, swaps: Path | None) -> dict[str, list[Pair]]:
    """Train rows by source. None holds a question of the held-out parts, or a text of the intents' held-out rows."""
    parts = read_pair_parts(data)
    held_out = questions_of([*parts["tune"], *parts["calibrate"], *parts["dev"]]) | held_out_intents(data)
    sources = {
        "qqp": parts["train"],
        "stsb": read_similar(data),
        "intents": mine_pairs(data, cache / "neighbours", seed),
        "swaps": read_swaps(data, "train", seed, swaps),
    }
    return {name: [pair for pair in pairs if not questions_of([pair]) & held_out] for name, pairs in sources.items()}


def held_out_intents(data: Path) -> set[str]:
    return {to_key(row.text) for task in ("banking77", "clinc150") for row in read_splits(data, task)["dev"]}


def read_similar(data: Path) -> list[Pair]:
    scores, first, second = read_scored(data / "stsb" / "train.jsonl.gz")
    rows = [row for row in zip(scores, first, second, strict=True) if not DIFFERENT_TO < row[0] < SAME_FROM]
    return [Pair(a, b, int(score >= SAME_FROM), "stsb") for score, a, b in rows]


def read_swaps(data: Path, part: str, seed: int, file: Path | None) -> list[Pair]:
    """JSON Lines with kind, text_a, text_b and label: of the file, or else of the generator, which needs Node.

    `part`: train, or report, which has words and templates that train has not.
    """
    if file is None:
        command = [*GENERATOR, "--part", part, "--data", str(data.resolve()), "--seed", str(seed)]
        lines = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    else:
        lines = file.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in lines.split("\n") if line]
    return [Pair(row["text_a"], row["text_b"], row["label"], row["kind"]) for row in rows]
