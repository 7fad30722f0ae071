"""Which rows train, tune, calibrate and report: fixed by a hash of the text, so no run, seed or row order can shift them.

train      fits the trunk, the heads and the ramps.
tune       puts the threshold settings in order, from strict to loose (thresholds.py).
calibrate  certifies one of them. No program looks at these rows for anything else, so the risk bound holds.
dev        is where results are reported. No choice is made on it by any program.

Where the data has a dev file, that file is dev; otherwise dev is 20 % of train. Within each label the texts of the train
file are ranked by hash, and the shares are cut off in the order dev, calibrate, tune: changing one share never moves a
text out of a part before it. Texts that are equal up to case and white space go together, labelled by their first row.
A text that is in a dev file is dropped from train. The test splits are not read here.
"""

import argparse
import gzip
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SENTIMENTS = ("negative", "positive")
PARTS = ("train", "tune", "calibrate", "dev")


class Row(NamedTuple):
    text: str
    label: str


@dataclass(frozen=True)
class Source:
    """Files under the data folder (without .jsonl.gz), and the shares of the train files that are held out."""

    train: tuple[str, ...]
    dev: tuple[str, ...] = ()
    dev_share: float = 0.0
    calibrate_share: float = 0.1
    tune_share: float = 0.05


# The calibration shares leave 300 rows with room for misses: 1 % is certified with up to 1 miss in 480, 3 in 780, 4 in 920.
SOURCES = {
    "sst2": Source(("sst2/train",), ("sst2/dev",), calibrate_share=0.12, tune_share=0.06),
    "banking77": Source(("banking77/train",), dev_share=0.2, calibrate_share=0.09, tune_share=0.04),
    "clinc150": Source(
        ("clinc150/train", "clinc150/oos_train"),
        ("clinc150/val", "clinc150/oos_val"),
        calibrate_share=0.1,
        tune_share=0.05,
    ),
    "trec": Source(("trec/train",), dev_share=0.12, calibrate_share=0.18, tune_share=0.06),
}


def read_splits(data: Path, task: str) -> dict[str, list[Row]]:
    """The rows of each part of a task, in a fixed order."""
    source = SOURCES[task]
    dev = [row for name in source.dev for row in read_rows(data / f"{name}.jsonl.gz")]
    reported = {to_key(row.text) for row in dev}
    groups: dict[str, list[Row]] = defaultdict(list)
    for name in source.train:
        for row in read_rows(data / f"{name}.jsonl.gz"):
            if to_key(row.text) not in reported:
                groups[to_key(row.text)].append(row)
    parts: dict[str, list[Row]] = {"train": [], "tune": [], "calibrate": [], "dev": dev}
    by_label: dict[str, list[str]] = defaultdict(list)
    for key, rows in groups.items():
        by_label[rows[0].label].append(key)
    for label in sorted(by_label):
        keys = sorted(by_label[label], key=lambda key: rank(task, key))
        for key, part in zip(keys, cut(len(keys), source), strict=True):
            # A text that is there twice would count twice for the certificate, always with the same outcome.
            parts[part].extend(groups[key][:1] if part == "calibrate" else groups[key])
    return parts


def cut(count: int, source: Source) -> list[str]:
    """The part of each of `count` ranked texts."""
    parts: list[str] = []
    share = 0.0
    for part, more in (("dev", source.dev_share), ("calibrate", source.calibrate_share), ("tune", source.tune_share)):
        share += more
        parts += [part] * (round(share * count) - len(parts))
    return parts + ["train"] * (count - len(parts))


def rank(task: str, key: str) -> str:
    return hashlib.sha256(f"{task}\n{key}".encode()).hexdigest()


def to_key(text: str) -> str:
    return " ".join(text.lower().split())


def read_rows(file: Path) -> list[Row]:
    if not file.is_file():
        raise SystemExit(f"no data: {file} does not exist; name another place with --data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Row(row["text"], to_name(row["label"])) for row in rows]


def to_name(label: str | int) -> str:
    """The sets with numbers for labels are of sentiment."""
    return SENTIMENTS[label] if isinstance(label, int) else label


def check(parts: dict[str, list[Row]]) -> None:
    """Fails if a text is in two parts."""
    keys = {part: {to_key(row.text) for row in rows} for part, rows in parts.items()}
    for one in PARTS:
        for other in PARTS:
            assert one == other or not keys[one] & keys[other], f"a text is in {one} and in {other}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints the number of rows of each part, after checking that no text crosses.")
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[4] / "shared" / "data")
    parser.add_argument("--rows", nargs=2, metavar=("TASK", "PART"), help="prints these rows instead, as JSON Lines")
    options = parser.parse_args()
    if options.rows:
        task, part = options.rows
        if task not in SOURCES or part not in PARTS:
            raise SystemExit(f"no part {part} of {task}: expected one of {PARTS} of {tuple(SOURCES)}")
        for row in read_splits(options.data, task)[part]:
            print(json.dumps(row._asdict()))
        return
    for task in SOURCES:
        parts = read_splits(options.data, task)
        check(parts)
        print(task, {part: len(rows) for part, rows in parts.items()})


if __name__ == "__main__":
    main()
