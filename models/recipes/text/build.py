"""Builds the model `text` or `intents` from a training run: int8 stages, ramps, certified thresholds, manifest, and results on dev.

    python models/recipes/text/build.py --model text|intents [--name NAME] [--out models/text] [--minilm models/minilm] [--data ../shared/data]

May be run on a training run that has not ended: it takes the last whole epoch. Ramps are fitted on native kernels' states;
thresholds are put in order, certified and reported on what the gateway's own runtime says (observe.py), which needs the
repository's npm packages. Ends with the results as JSON, which are also left in the run's folder.
"""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from certify import certify_task, costs_of
from data import CACHE, DATA, ROOT, Task, read_task
from export import read_table, write_stages
from fit_ramps import QUERIES, fit_ramps, make_ramp
from manifest import same_table, write_classifiers, write_manifest
from minilm import BLOCKS
from model import Head, Ramp, TextModel
from plans import PLANS
from results import exact_answers, score
from runs import read_model
from states import QuantisedTrunk, States, drop_states, read_states
from unlabelled import read_unlabelled


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    folder = options.cache / (options.name or options.model)
    out = options.out or folder / "model"
    model = read_model(folder)
    if not same_table(options.minilm, read_table()):
        raise SystemExit(f"{options.minilm} holds another word table than the one trained on: build minilm again")
    if not options.keep:
        drop_states(folder / "states")
    stages = write_stages(model.trunk, out)
    trunk = QuantisedTrunk(out)
    names = options.tasks.split(",") if options.tasks else PLANS[options.model].serves
    read = {name: read_task(name, options.data, options.limit) for name in names}
    tasks = {name: fit_task(model, trunk, task, folder / "states", out, options) for name, task in read.items()}
    write_manifest(options.model, out, options.minilm, stages, tasks)
    for name, task in read.items():
        tasks[name] |= certify_task(task, out, score(task, exact_answers(model, task)), options.walks)
        print(json.dumps({name: brief(tasks[name])}), flush=True)
    manifest = write_manifest(options.model, out, options.minilm, stages, tasks)
    (folder / "results.json").write_text(json.dumps({name: brief(task) for name, task in tasks.items()}, indent=2) + "\n")
    print(json.dumps({"version": manifest["version"]}))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=PLANS, default="text", help="what it is called")
    parser.add_argument("--name", help="folder of the run under --cache; default: the model's name")
    parser.add_argument("--tasks", help="some of the run's tasks, for a trial")
    parser.add_argument("--out", type=Path, help="default: `model` in the run's folder")
    parser.add_argument("--minilm", type=Path, default=ROOT / "models" / "minilm")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="rows of each part, for a smoke run")
    parser.add_argument("--walks", type=int, default=1, help="as of certify.py")
    parser.add_argument("--keep", action="store_true", help="keep hidden states and ramps of an earlier build of the same epoch")
    return parser.parse_args()


def fit_task(model: TextModel, trunk: QuantisedTrunk, task: Task, cache: Path, out: Path, options: argparse.Namespace) -> dict:
    """Fits one task's ramps, writes its classifiers, and answers its entry in the manifest, without a setting so far."""
    ids = task.parts["train"].ids + read_unlabelled(task, options.data, options.seed, options.limit)
    ramps = fit_once(model.heads[task.name], read_states(trunk, ids, cache / task.name, options.threads), options.seed, cache / f"{task.name}.ramps.pt")
    write_classifiers(out / f"{task.name}.f32.bin", ramps, model.heads[task.name])
    return {
        "labels": list(task.labels),
        "classifiers": f"{task.name}.f32.bin",
        "pooling": ["mean", *["query"] * QUERIES],
        "rampUnits": ramps[0].middle.out_features,
        "costs": {"stages": costs_of(task.name).stages, "ramps": costs_of(task.name).ramps},
        "settings": [],
    }


def fit_once(head: Head, states: States, seed: int, file: Path) -> list[Ramp]:
    """The fitted ramps, from the file or fitted and left there; it lies beside the states and goes with them."""
    if file.is_file():
        ramps = torch.nn.ModuleList(make_ramp(head.out.out_features) for _ in range(BLOCKS))
        ramps.load_state_dict(torch.load(file, weights_only=True))
        return list(ramps)
    fitted = fit_ramps(head, states, seed)
    torch.save(torch.nn.ModuleList(fitted).state_dict(), file)
    return fitted


def brief(entry: dict) -> dict:
    return {key: value for key, value in entry.items() if key != "labels"}


if __name__ == "__main__":
    main()
