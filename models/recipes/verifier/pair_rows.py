"""Which pairs of questions do what: fixed by a hash of the questions, so no run, seed or row order can shift them.

train      fits the trunk, the heads and the ramps.
tune       puts the exit settings in order, and the thresholds of what is reported. A head over the verifier's logit must
           be fitted on these too: on train rows the logit is surer than it will be on others.
calibrate  certifies exit settings, and is used for nothing else.
dev        qqp/dev, where results are reported. No choice is made on it by any program.

Questions that stand in a pair together, in whatever order and with whatever label, go into the same part, so no question
is in two. Where many hang together they go to train. Other sources give train rows alone, without those that hold a
question of the other parts.
"""

import argparse
import gzip
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from text import DATA, to_key

PARTS = ("train", "tune", "calibrate", "dev")
TUNE_SHARE = 0.035
CALIBRATE_SHARE = 0.03
MOST_TOGETHER = 50  # pairs


class Pair(NamedTuple):
    """`label` 1: both ask the same. `kind`: of a swap, else the source."""

    text_a: str
    text_b: str
    label: int
    kind: str


def read_pair_parts(data: Path) -> dict[str, list[Pair]]:
    """The Quora pairs of each part, in the files' order."""
    parts: dict[str, list[Pair]] = {part: [] for part in PARTS}
    pairs = read_pairs(data / "qqp" / "train.jsonl.gz", "qqp")
    groups = defaultdict(list)
    for pair, root in zip(pairs, find_groups([(to_key(p.text_a), to_key(p.text_b)) for p in pairs]), strict=True):
        groups[root].append(pair)
    for root, together in groups.items():
        parts[part_of(root, len(together))] += together
    parts["dev"] = read_pairs(data / "qqp" / "dev.jsonl.gz", "qqp")
    return parts


def part_of(root: str, pairs: int) -> str:
    draw = part_draw(f"same\n{root}")
    if pairs > MOST_TOGETHER or draw >= TUNE_SHARE + CALIBRATE_SHARE:
        return "train"
    return "tune" if draw < TUNE_SHARE else "calibrate"


def part_draw(name: str) -> float:
    """From 0 to 1, the same each time."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) / 16**12


def find_groups(edges: list[tuple[str, str]]) -> list[str]:
    """For each edge the least node of all that hang together with it."""
    root: dict[str, str] = {}

    def find(node: str) -> str:
        path = []
        while root.setdefault(node, node) != node:
            path.append(node)
            node = root[node]
        for passed in path:
            root[passed] = node
        return node

    for a, b in edges:
        one, other = sorted((find(a), find(b)))
        root[other] = one
    return [find(a) for a, _ in edges]


def read_pairs(file: Path, kind: str) -> list[Pair]:
    """Of gzip'd JSON Lines with text_a, text_b and label."""
    if not file.is_file():
        raise SystemExit(f"no data: {file} does not exist; name another place with --data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Pair(row["text_a"], row["text_b"], row["label"], row.get("kind", kind)) for row in rows]


def questions_of(pairs: list[Pair]) -> set[str]:
    """Up to case and white space."""
    return {to_key(text) for pair in pairs for text in (pair.text_a, pair.text_b)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints the parts' sizes, after checking that no question of train is held out.")
    parser.add_argument("--data", type=Path, default=DATA)
    parts = read_pair_parts(parser.parse_args().data)
    for part in PARTS[1:]:
        assert not questions_of(parts["train"]) & questions_of(parts[part]), f"a question is in train and in {part}"
    print({part: {"pairs": len(pairs), "same": sum(pair.label for pair in pairs)} for part, pairs in parts.items()})


if __name__ == "__main__":
    main()
