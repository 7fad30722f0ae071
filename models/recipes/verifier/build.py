"""Builds the model `verifier` from a training run: int8 stages, ramps, certified exits, manifest, and results on dev.

    python models/recipes/verifier/build.py [--name joint] [--out models/verifier] [--swaps FILE]

May be run on a training run that has not ended: it takes the last whole epoch. Ramps are refitted on native kernels'
states of some of the pairs that the run began with; exits are put in order, certified and reported on what the gateway's own
runtime says, which needs the repository's npm packages. Ends with the results as JSON, also left in the run's folder.
"""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from text import (
    BLOCKS, DATA, QUERIES, ROOT, Part, Ramp, drop_states, final_logits, fit_ramp, read_states, read_table, same_table,
    write_classifiers,
)  # fmt: skip

from certify_exits import certify_exits, costs
from checkpoint import CACHE, read_model
from mix import Mix
from pair_ids import LABELS, to_part, to_task
from pair_manifest import CLASSIFIERS, write_manifest
from pair_model import TASK, PairModel
from pair_rows import read_pair_parts
from sources import read_sources
from stages import QuantisedPairTrunk, write_trunk

FIT_PAIRS = 8000  # of the first epoch, for the refit of the ramps


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    folder = options.cache / options.name
    out = options.out or folder / "model"
    if not same_table(options.minilm, read_table()):
        raise SystemExit(f"{options.minilm} holds another word table than the one trained on: build minilm again")
    model = read_model(folder)
    stages = write_trunk(model, out)
    sources = read_sources(options.data, options.cache, options.seed, options.swaps)
    fitting = to_part(Mix(sources, options.seed).draw(0)[: options.limit or None][-FIT_PAIRS:])
    ramps = fit_ramps(model, fitting, out, folder / "states", options)
    write_classifiers(out / CLASSIFIERS, ramps, model.heads[TASK])
    entry = {
        "labels": list(LABELS),
        "classifiers": CLASSIFIERS,
        "pooling": ["mean", *["query"] * QUERIES],
        "rampUnits": ramps[0].middle.out_features,
        "costs": {"stages": costs().stages, "ramps": costs().ramps},
        "settings": [],
    }
    write_manifest(out, options.minilm, stages, entry)
    parts = {part: pairs[: options.limit] for part, pairs in read_pair_parts(options.data).items() if part != "train"}
    entry |= certify_exits(to_task(parts), parts, out)
    manifest = write_manifest(out, options.minilm, stages, entry)
    results = json.dumps({"version": manifest["version"], **{key: entry[key] for key in ("settings", "accuracy")}}, indent=2)
    (folder / "results.json").write_text(results + "\n", encoding="utf-8")
    print(results)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="joint", help="folder of the run under --cache")
    parser.add_argument("--out", type=Path, help="default: `model` in the run's folder")
    parser.add_argument("--minilm", type=Path, default=ROOT / "models" / "minilm")
    parser.add_argument("--swaps", type=Path, help="JSON Lines of swaps; else they are generated")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="pairs of each part, for a smoke run")
    return parser.parse_args()


def fit_ramps(model: PairModel, pairs: Part, out: Path, states_folder: Path, options: argparse.Namespace) -> list[Ramp]:
    """After blocks 1 to 5. None before the first: words without their order do not say which of two questions has which."""
    drop_states(states_folder)
    states = read_states(QuantisedPairTrunk(out), pairs.ids, states_folder, options.threads)
    answers = final_logits(model.heads[TASK], states)
    ramps = [fit_ramp(states, blocks, answers, options.seed) for blocks in range(1, BLOCKS)]
    drop_states(states_folder)
    return ramps


if __name__ == "__main__":
    main()
