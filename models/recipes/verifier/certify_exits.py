"""Orders and certifies the exits of built files, on what the gateway's own runtime says of tune and calibrate pairs, and
reports what they do on dev.

A bound is on how often an early answer's label is not the full model's. The cache takes no label but a score held
against a threshold of its own: what exits do to that is reported as average precision.
"""

from pathlib import Path

import numpy as np

from pair_ids import LABELS
from pair_rows import Pair
from report import figures
from scores import best_threshold
from text import (
    BLOCKS, CONFIDENCE, Costs, Observed, Task, certify, choose_ramps, leave, make_path, observe, to_json, traffic_of,
    with_exits,
)  # fmt: skip

BOUNDS = (0.005, 0.01, 0.02, 0.05)
RAMP_COST = 0.013  # as a share of a block's time at 24 tokens, no less than measured: 28 to 40 µs of 3.4 ms
SAME = LABELS.index("same")


def costs() -> Costs:
    return Costs((1.0,) * BLOCKS, (RAMP_COST,) * (BLOCKS - 1), tuple(range(1, BLOCKS)))


def certify_exits(task: Task, parts: dict[str, list[Pair]], out: Path) -> dict:
    """`settings` and `accuracy` of the manifest's entry; `task` has the parts' pairs as ids, in their order."""
    seen = {part: observe(out, task.name, [{"first": p.text_a, "second": p.text_b} for p in parts[part]]) for part in parts}
    tune, calibrate, dev = (seen[part].outcomes for part in ("tune", "calibrate", "dev"))
    path = make_path(tune, choose_ramps(tune, costs()))
    certified = [found for bound in BOUNDS if (found := certify(path, calibrate, bound))]
    tuned = best_threshold(logits_of(seen["tune"]), task.parts["tune"].labels)
    labels = task.parts["dev"].labels
    settings = []
    for found in certified:
        reported = with_exits(dev, found.thresholds, seen["dev"].answers, costs())
        answers = reported.pop("answers")
        exits, _ = leave(dev, found.thresholds)
        reported |= {"accuracy": round(float((answers == labels).mean()), 4)}
        reported |= figures(logits_of(seen["dev"], exits), labels, tuned)
        settings.append({
            "bound": found.bound,
            "confidence": CONFIDENCE,
            "thresholds": to_json(found.thresholds),
            "calibrated": {"rows": found.rows, "misses": found.misses, "upper": round(found.upper, 5)},
            "traffic": traffic_of(calibrate, found.thresholds),
            "dev": reported,
        })  # fmt: skip
    return {
        "settings": settings,
        "accuracy": {
            "rows": len(labels),
            "int8": figures(logits_of(seen["dev"]), labels, tuned),
            "rampAp": [figures(logits_of(seen["dev"], np.full(len(labels), at)), labels, tuned)["ap"] for at in range(BLOCKS - 1)],
            "rampAgreement": [round(float(agrees.mean()), 4) for agrees in dev.agrees],
        },
    }


def logits_of(seen: Observed, exits: np.ndarray | None = None) -> np.ndarray:
    """Log-odds of "same", where each row left; without `exits` the full model's."""
    places = np.full(seen.confidence.shape[1], len(seen.answers) - 1) if exits is None else exits
    rows = np.arange(len(places))
    confidence = np.minimum(seen.confidence[places, rows], 1 - 1e-16)
    size = np.log(confidence) - np.log1p(-confidence)
    return np.where(np.stack(seen.answers)[places, rows] == SAME, size, -size)
