"""The card's table of runs against each other: what sharing a trunk costs, and what ramps cost.

    python models/recipes/text/compare.py [--cache DIR]

Reads the curves of the runs `text` and `intents` as shipped, `joint` (all tasks, ramps), `NAME-plain` (no ramps) and `own-TASK` (one
task, ramps): the head's accuracy on dev after the last epoch. A run that is not there leaves its cells empty.
"""

import argparse
import json
from pathlib import Path

from data import CACHE
from plans import PLANS

RUNS = {"as shipped": "{model}", "without ramps": "{model}-plain", "one trunk for all four": "joint", "own trunk": "own-{task}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=CACHE)
    cache: Path = parser.parse_args().cache
    print("| dev accuracy | " + " | ".join(RUNS) + " |")
    print("| --- " * (1 + len(RUNS)) + "|")
    for model, plan in PLANS.items():
        for task in plan.serves:
            cells = [read_accuracy(cache / run.format(model=model, task=task), task) for run in RUNS.values()]
            print(f"| {task} | " + " | ".join(cells) + " |")


def read_accuracy(run: Path, task: str) -> str:
    """After the run's last epoch, in bfloat16; nothing of a run that has not ended."""
    file = run / "curves.jsonl"
    events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
    if not events or events[-1]["event"] != "end":
        return ""
    epochs = [event for event in events if event["event"] == "epoch" and task in event["dev"]]
    return f"{epochs[-1]['dev'][task][-1]:.4f}" if epochs else ""


if __name__ == "__main__":
    main()
