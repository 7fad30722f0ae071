"""Scores a training run (in fp32), or built files, on qqp/dev, pawsx and the swaps' report half.

    python models/recipes/verifier/evaluate.py [--name joint | --model models/verifier] [--swaps FILE] [--json FILE]

Built files run pair by pair in ONNX Runtime's native kernels, to the last block. The figures go to standard output and,
with --json, to a file.
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch

from text import DATA, make_batches, read_classifiers

from checkpoint import CACHE, read_model
from pair_ids import to_part
from pair_manifest import CLASSIFIERS
from pair_model import TASK
from pair_rows import Pair
from report import Score, report
from sources import read_swaps
from stages import QuantisedPairTrunk


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    score = built_score(options.model) if options.model else exact_score(options.cache / options.name)
    swaps = read_swaps(options.data, "report", options.seed, options.swaps)
    result = json.dumps(report(score, options.data, swaps), indent=2)
    print(result)
    if options.json:
        options.json.write_text(result + "\n", encoding="utf-8")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="joint", help="folder of the run under --cache")
    parser.add_argument("--model", type=Path, help="built files, instead of a run")
    parser.add_argument("--swaps", type=Path, help="JSON Lines of the report half; else they are generated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def exact_score(folder: Path) -> Score:
    model = read_model(folder)

    @torch.inference_mode()
    def score(pairs: Sequence[Pair]) -> np.ndarray:
        part = to_part(pairs)
        assert len(part) == len(pairs), "a pair is over the model's length"
        scores = np.empty(len(part))
        for batch in make_batches(TASK, part, 2048, longest=10**6):
            _, final = model(TASK, torch.from_numpy(batch.ids), with_ramps=False)
            scores[batch.rows] = (final[:, 1] - final[:, 0]).numpy()
        return scores

    return score


def built_score(folder: Path) -> Score:
    trunk = QuantisedPairTrunk(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    _, (weight, bias) = read_classifiers(folder / CLASSIFIERS, manifest["tasks"][TASK], len(manifest["ramps"]))

    def score(pairs: Sequence[Pair]) -> np.ndarray:
        part = to_part(pairs)
        assert len(part) == len(pairs), "a pair is over the model's length"
        logits = [weight @ trunk.run(ids)[-1].mean(axis=0) + bias for ids in part.ids]
        return np.array([same - different for different, same in logits])

    return score


if __name__ == "__main__":
    main()
