"""The card's tables from the results of finished builds: what one trunk for all tasks costs, and what ramps cost.

    python models/recipes/text/compare.py [--cache DIR]

Reads results.json of the runs `joint` (all tasks, ramps), `plain` (all tasks, no ramps), `own-TASK` and `own-TASK-plain`;
a run that is not there leaves its cells empty.
"""

import argparse
import json
from pathlib import Path

from data import CACHE
from splits import SOURCES

RUNS = {"one trunk": "joint", "one trunk, no ramps": "plain", "own trunk": "own-{}", "own trunk, no ramps": "own-{}-plain"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=CACHE)
    cache: Path = parser.parse_args().cache
    print("| dev accuracy, int8 | " + " | ".join(RUNS) + " |")
    print("| --- " * (1 + len(RUNS)) + "|")
    for task in SOURCES:
        cells = [read_accuracy(cache / run.format(task) / "results.json", task) for run in RUNS.values()]
        print(f"| {task} | " + " | ".join(cells) + " |")


def read_accuracy(file: Path, task: str) -> str:
    if not file.is_file():
        return ""
    results = json.loads(file.read_text(encoding="utf-8"))
    return f"{results[task]['accuracy']['int8']['accuracy']:.4f}" if task in results else ""


if __name__ == "__main__":
    main()
