"""Builds the model `cifar10` from a training run: int8 stages, ramps, certified thresholds, manifest, and results on dev.

    python models/recipes/cifar10/build.py [--name joint] [--out models/cifar10]

May be run on a training run that has not ended: it takes the last whole epoch. Ramps are fitted on native kernels' states;
thresholds are put in order, certified and reported on what the gateway's own runtime says of the JPEG files, which needs the
repository's npm packages. Ends with the results as JSON, which are also left in the run's folder.
"""

import argparse
import base64
import json
import os
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch

from data import CACHE, LABELS, Part, normalise, read_parts
from export import write_stages
from fit_ramps import fit_ramps
from manifest import write_classifiers, write_manifest
from model import RAMP_UNITS, ImageModel
from splits import ARCHIVE, ROOT, Row, read_splits
from text import (
    CONFIDENCE,
    Certified,
    Costs,
    Observed,
    Outcomes,
    certify,
    choose_ramps,
    leave,
    make_path,
    observe,
    time_saved,
    to_json,
    traffic_of,
)
from train import to_input

BOUNDS = (0.005, 0.01, 0.02, 0.05)  # of disagreement with the full model; the gateway's default is 1 %

# Milliseconds in WebAssembly on one thread, measured (README.md, "What a stage costs").
COSTS = Costs((1.06, 0.47, 1.80, 2.75, 4.37), (0.011, 0.011, 0.013, 0.013), before=(1, 2, 3, 4))


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    folder = options.cache / options.name
    out = options.out or folder / "model"
    model = read_model(folder)
    parts = read_parts(options.data, options.limit)
    splits = {part: rows[: options.limit] for part, rows in read_splits(options.data).items()}
    stages = write_stages(model, normalise(parts["train"].pixels[:1000]), out)
    ramps = fit_ramps(model, out, parts["train"], options.seed)
    write_classifiers(out / "cifar10.f32.bin", ramps, model.head)
    task = {
        "labels": list(LABELS),
        "classifiers": "cifar10.f32.bin",
        "pooling": ["mean", "query"],
        "rampUnits": RAMP_UNITS,
        "costs": {"stages": COSTS.stages, "ramps": COSTS.ramps},
        "settings": [],
    }
    write_manifest(out, stages, task)
    task |= certify_task(model, parts["dev"], splits, out)
    manifest = write_manifest(out, stages, task)
    (folder / "results.json").write_text(json.dumps(task, indent=2) + "\n")
    print(json.dumps({"version": manifest["version"], **task}))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="joint", help="folder of the run under --cache")
    parser.add_argument("--out", type=Path, help="default: `model` in the run's folder")
    parser.add_argument("--data", type=Path, default=ARCHIVE)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, help="rows of each part, for a smoke run")
    return parser.parse_args()


def read_model(folder: Path) -> ImageModel:
    """The model of the run's last whole epoch, ready for inference."""
    file = folder / "last.pt"
    if not file.is_file():
        raise SystemExit(f"no run: {file} does not exist; train it first, or name another with --name")
    model = ImageModel()
    model.load_state_dict(torch.load(file, weights_only=True)["model"])
    return model.eval()


def certify_task(model: ImageModel, dev: Part, splits: dict[str, list[Row]], out: Path) -> dict:
    """The certified settings of the model whose files lie in `out`, and what they do on dev."""
    seen = observe_parts(out, splits)
    path = make_path(seen["tune"].outcomes, choose_ramps(seen["tune"].outcomes, COSTS))
    certified = [found for bound in BOUNDS if (found := certify(path, seen["calibrate"].outcomes, bound))]
    truth, found = dev.labels, seen["dev"]
    return {
        "settings": [to_setting(setting, truth, seen["calibrate"].outcomes, found) for setting in certified],
        "accuracy": {
            "rows": len(truth),
            "fp32": share(exact_answers(model, dev) == truth),
            "int8": share(found.answers[-1] == truth),
            "ramps": [share(answers == truth) for answers in found.answers[:-1]],
            "rampAgreement": [share(agrees) for agrees in found.outcomes.agrees],
        },
    }


def observe_parts(out: Path, splits: dict[str, list[Row]]) -> dict[str, Observed]:
    """All at once: starting the runtime takes longer than a thousand images."""
    names = ("tune", "calibrate", "dev")
    rows = [row for part in names for row in splits[part]]
    seen = observe(out, "cifar10", [{"image": base64.b64encode(row.file).decode()} for row in rows])
    parts, start = {}, 0
    for part in names:
        taken = slice(start, start + len(splits[part]))
        outcomes = Outcomes(seen.outcomes.confidence[:, taken], seen.outcomes.agrees[:, taken])
        parts[part] = Observed(outcomes, [answers[taken] for answers in seen.answers])
        start = taken.stop
    return parts


def to_setting(found: Certified, truth: np.ndarray, calibrate: Outcomes, observed: Observed) -> dict:
    """As the manifest has it, with what the thresholds do to the observed dev rows."""
    exits, agrees = leave(observed.outcomes, found.thresholds)
    answers = np.stack(observed.answers)[exits, np.arange(len(exits))]
    saved = time_saved(exits, found.thresholds, COSTS)
    return {
        "bound": found.bound,
        "confidence": CONFIDENCE,
        "thresholds": to_json(found.thresholds),
        "calibrated": {"rows": found.rows, "misses": found.misses, "upper": round(found.upper, 5)},
        "traffic": traffic_of(calibrate, found.thresholds),
        "dev": {
            "agreement": share(agrees),
            "leaving": [share(exits == place) for place in range(len(COSTS.ramps) + 1)],
            "savedMedian": round(float(np.median(saved)), 4),
            "savedMean": round(float(saved.mean()), 4),
            "accuracy": share(answers == truth),
        },
    }


@torch.inference_mode()
def exact_answers(model: ImageModel, part: Part) -> np.ndarray:
    """Class numbers by the fp32 model, int64 [rows]."""
    chunks = [part.pixels[start : start + 500] for start in range(0, len(part), 500)]
    return np.concatenate([model(to_input(normalise(chunk)))[1].argmax(dim=1).numpy() for chunk in chunks])


def share(claims: np.ndarray) -> float:
    return round(float(np.mean(claims)), 4)


if __name__ == "__main__":
    main()
