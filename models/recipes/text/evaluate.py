"""Runs the built files as a gateway would, text by text, and scores them on a file of labelled texts.

    python models/recipes/text/evaluate.py --task sst2 [--eval FILE] [--bound 0.01] [--model models/text] [--json FILE]

FILE is gzip'd JSON Lines with text and label; without --eval the task's dev rows are scored. Needs no torch, only
requirements-eval.txt. The same numbers go to standard output and, with --json, to a file.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from classifiers import apply_ramp, read_classifiers
from minilm import BLOCKS, HIDDEN, to_ids
from splits import Row, read_rows, read_splits

ROOT = Path(__file__).resolve().parents[3]
OUT_OF_SCOPE = "oos"


def main() -> None:
    options = read_options()
    rows = read_rows(options.eval) if options.eval else read_splits(options.data, options.task)["dev"]
    model = BuiltModel(options.model, options.minilm, options.task)
    result = json.dumps(evaluate(model, rows, options.bound))
    print(result)
    if options.json:
        options.json.write_text(result + "\n", encoding="utf-8")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", required=True)
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--bound", type=float, default=0.01, help="which of the manifest's settings to use")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "text")
    parser.add_argument("--minilm", type=Path, default=ROOT / "models" / "minilm")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


class BuiltModel:
    """One task of models/text, from its files alone."""

    def __init__(self, directory: Path, minilm: Path, task: str) -> None:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        if task not in manifest["tasks"]:
            raise SystemExit(f"no task {task} in {directory}: expected one of {sorted(manifest['tasks'])}")
        self.entry = manifest["tasks"][task]
        self.tokenizer = Tokenizer.from_file(str(minilm / manifest["input"]["tokenizer"]))
        values = np.fromfile(minilm / manifest["embedding"]["table"], dtype=np.int8).reshape(-1, HIDDEN)
        self.word = values * np.fromfile(minilm / manifest["embedding"]["scales"], dtype="<f4")[:, None]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.stages = [
            (onnxruntime.InferenceSession(directory / stage["file"], options), stage["input"]) for stage in manifest["stages"]
        ]
        self.ramps, self.head = read_classifiers(directory / self.entry["classifiers"], self.entry, BLOCKS)

    def run(self, ids: list[int]) -> list[np.ndarray]:
        """Logits of each ramp and, last, of the head."""
        hidden = self.word[ids][None]
        logits = []
        for ramp, (session, name) in zip(self.ramps, self.stages, strict=True):
            logits.append(apply_ramp(ramp, hidden[0]))
            hidden = session.run(None, {name: hidden})[0]
        weight, bias = self.head
        return [*logits, weight @ hidden[0].mean(axis=0) + bias]

    def thresholds(self, bound: float) -> list[float | None]:
        for setting in self.entry["settings"]:
            if setting["bound"] == bound:
                return setting["thresholds"]
        raise SystemExit(f"no setting with bound {bound}: expected one of {[s['bound'] for s in self.entry['settings']]}")


def evaluate(model: BuiltModel, rows: list[Row], bound: float) -> dict:
    thresholds = model.thresholds(bound)
    labels = model.entry["labels"]
    full, early, exits = [], [], []
    for ids in to_ids(model.tokenizer, [row.text for row in rows]):
        logits = model.run(ids)
        exits.append(first_confident(logits, thresholds))
        early.append(labels[int(logits[exits[-1]].argmax())])
        full.append(labels[int(logits[-1].argmax())])
    truth = np.array([row.label for row in rows])
    answers, last, left = np.array(early), np.array(full), np.array(exits)
    inside = truth != OUT_OF_SCOPE
    result = {
        "rows": len(rows),
        "bound": bound,
        "accuracyFull": share((last == truth)[inside]),
        "accuracyWithExits": share((answers == truth)[inside]),
        "agreement": share(answers == last),
        "leaving": [share(left == place) for place in range(BLOCKS + 1)],
    }
    if not inside.all():
        result |= {"oosRecallFull": share((last == truth)[~inside]), "oosRecallWithExits": share((answers == truth)[~inside])}
    return result


def first_confident(logits: list[np.ndarray], thresholds: list[float | None]) -> int:
    """The ramp where the row leaves, from 0, each after so many blocks; the number of blocks at the end."""
    for place, (ramp, threshold) in enumerate(zip(logits, thresholds, strict=False)):
        spread = np.exp(ramp.astype(np.float64) - ramp.max())
        if threshold is not None and 1 / spread.sum() >= threshold:
            return place
    return BLOCKS


def share(claims: np.ndarray) -> float:
    return round(float(np.mean(claims)), 4)


if __name__ == "__main__":
    main()
