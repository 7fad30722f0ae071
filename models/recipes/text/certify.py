"""Orders and certifies the thresholds of built files, on what the gateway's own runtime says of tune and calibrate rows.

    python models/recipes/text/certify.py [--model models/text] [--walks N]

Called by itself it certifies a model that is there already, weights and all, and writes its manifest anew. `--walks`: on how
many paths these calibrate rows have been walked for these weights by then, the present one included. Each walk gets an
equal part of the error budget, so that the certificate holds as if there had been one.
"""

import argparse
import json
from pathlib import Path

from budget import Costs, choose_ramps
from data import DATA, ROOT, Task, read_task
from digests import to_json
from minilm import BLOCKS
from observe import Observed, observe
from results import score, with_exits
from thresholds import CONFIDENCE, Certified, Outcomes, certify, make_path
from traffic import traffic_of

BOUNDS = (0.005, 0.01, 0.02, 0.05)  # of disagreement with the full model; the gateway's default is 1 %

# A ramp's time as a share of a block's at each task's usual length, measured: README.md, "What a ramp costs".
RAMP_COST = {"sst2": 0.015, "trec": 0.015, "banking77": 0.031, "clinc150": 0.035}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "text")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--walks", type=int, default=1)
    options = parser.parse_args()
    file = options.model / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    for name, entry in manifest["tasks"].items():
        task = read_task(name, options.data)
        entry["labels"] = list(task.labels)
        entry["costs"] = {"stages": costs_of(name).stages, "ramps": costs_of(name).ramps}
        entry |= certify_task(task, options.model, entry["accuracy"]["fp32"], options.walks)
        print(json.dumps({name: {key: entry[key] for key in ("settings", "accuracy")}}), flush=True)
    file.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def certify_task(task: Task, out: Path, fp32: dict, walks: int = 1) -> dict:
    """The certified settings of a task whose files lie in `out`, and what they do on dev; `fp32`: the exact model's score there."""
    seen = {part: observe_part(out, task, part) for part in ("tune", "calibrate", "dev")}
    tune, calibrate, dev = (found.outcomes for found in seen.values())
    path = make_path(tune, choose_ramps(tune, costs_of(task.name)))
    certified = [found for bound in BOUNDS if (found := certify(path, calibrate, bound, walks))]
    return {
        "settings": [to_setting(found, task, calibrate, seen["dev"]) for found in certified],
        "accuracy": {
            "rows": len(task.parts["dev"]),
            "fp32": fp32,
            "int8": score(task, seen["dev"].answers[-1]),
            "rampAgreement": [round(float(agrees.mean()), 4) for agrees in dev.agrees],
        },
    }


def costs_of(task: str) -> Costs:
    return Costs((1.0,) * BLOCKS, (RAMP_COST[task],) * BLOCKS, tuple(range(BLOCKS)))


def observe_part(out: Path, task: Task, part: str) -> Observed:
    return observe(out, task.name, [{"text": text} for text in task.parts[part].texts])


def to_setting(found: Certified, task: Task, calibrate: Outcomes, observed: Observed) -> dict:
    """As the manifest has it, with what the thresholds do to the observed dev rows."""
    dev = with_exits(observed.outcomes, found.thresholds, observed.answers, costs_of(task.name))
    dev |= score(task, dev.pop("answers"))
    return {
        "bound": found.bound,
        "confidence": CONFIDENCE,
        "thresholds": to_json(found.thresholds),
        "calibrated": {"rows": found.rows, "misses": found.misses, "upper": round(found.upper, 5)},
        "traffic": traffic_of(calibrate, found.thresholds),
        "dev": dev,
    }


if __name__ == "__main__":
    main()
