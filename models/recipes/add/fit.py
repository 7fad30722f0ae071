"""Ramps for a model that is cut into stages: what each state's mean says of the model's own final answer.

`--work` holds `states-K.f32.bin` [rows, width], the mean of each state as the Worker's kernels give it, `logits.f32.bin`
[rows, classes], and `fit.json`. Each ramp is a logistic regression (L2, L-BFGS) on half of the rows, towards the final
distribution and the final answer alike. A fifth of the rows orders thresholds, the rest certifies them, as for the text model
(models/recipes/text/thresholds.py): with fewer than 299 rows there nothing is certified, and exits start off.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "text"))
from thresholds import Outcomes, certify, leave, make_path  # noqa: E402

DECAY = 1e-3
FIT, TUNE = 0.5, 0.7  # the shares of rows up to which ramps are fitted, thresholds ordered
BOUNDS = (0.005, 0.01, 0.02)
BUDGET = 0.02  # of the full model's time, for all ramps that are on
CONFIDENCE = 0.95


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    work = parser.parse_args().work
    given = json.loads((work / "fit.json").read_text(encoding="utf-8"))
    logits = read(work / "logits.f32.bin", given["classes"])
    states = [read(work / f"states-{index}.f32.bin", width) for index, width in enumerate(given["widths"])]
    order = np.random.default_rng(0).permutation(len(logits))
    fit, tune, check = np.split(order, [int(FIT * len(order)), int(TUNE * len(order))])
    final = softmax(logits)
    ramps = [fit_ramp(state[fit], final[fit]) for state in states]
    outcomes = [judge(ramps, states, final, part) for part in (tune, check)]
    write_classifiers(work / "classifiers.f32.bin", ramps, given["classes"])
    settings, active = certified(outcomes, given)
    agreement = [float(agrees.mean()) for agrees in outcomes[1].agrees]
    (work / "fitted.json").write_text(json.dumps({"settings": settings, "active": active, "agreement": agreement, "rows": [len(fit), len(tune), len(check)]}), encoding="utf-8")


def read(file: Path, columns: int) -> np.ndarray:
    return np.fromfile(file, dtype="<f4").reshape(-1, columns).astype(np.float64)


def fit_ramp(features: np.ndarray, final: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(weight [classes, width], bias [classes]) on features as they are."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    x = (features - mean) / scale
    hard = np.eye(final.shape[1])[final.argmax(axis=1)]
    target = (final + hard) / 2
    rows, width = x.shape
    classes = final.shape[1]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weight, bias = flat[:-classes].reshape(classes, width), flat[-classes:]
        p = softmax(x @ weight.T + bias)
        value = -(target * np.log(p + 1e-300)).sum() / rows + DECAY / 2 * (weight**2).sum()
        error = (p - target) / rows
        return value, np.concatenate([(error.T @ x + DECAY * weight).ravel(), error.sum(axis=0)])

    found = minimize(loss, np.zeros(classes * (width + 1)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    weight = found[:-classes].reshape(classes, width) / scale
    return weight.astype(np.float32), (found[-classes:] - weight @ mean).astype(np.float32)


def judge(ramps: list[tuple[np.ndarray, np.ndarray]], states: list[np.ndarray], final: np.ndarray, part: np.ndarray) -> Outcomes:
    said = [softmax(state[part] @ weight.T.astype(np.float64) + bias) for (weight, bias), state in zip(ramps, states, strict=True)]
    answer = final[part].argmax(axis=1)
    return Outcomes(np.array([p.max(axis=1) for p in said]), np.array([p.argmax(axis=1) == answer for p in said]))


def certified(outcomes: list[Outcomes], given: dict) -> tuple[list[dict], list[bool]]:
    """Ramps are on while they fit the budget, the later ones first: they are the surest."""
    left = BUDGET * sum(given["stageMs"])
    active = [False] * len(given["rampMs"])
    for ramp in reversed(range(len(active))):
        active[ramp] = given["rampMs"][ramp] <= left
        left -= given["rampMs"][ramp] if active[ramp] else 0
    tune, check = outcomes
    path = make_path(tune, active)
    settings = []
    for bound in BOUNDS:
        found = certify(path, check, bound)
        if found is not None and any(threshold <= 1 for threshold in found.thresholds):
            exits, agrees = leave(check, found.thresholds)
            until = np.cumsum(given["stageMs"])
            saved = 1 - until[[*given["rampStages"], -1]][exits] / until[-1]
            settings.append({
                "bound": bound,
                "confidence": CONFIDENCE,
                "thresholds": [float(t) if t <= 1 else None for t in found.thresholds],
                "calibrated": {"rows": found.rows, "misses": found.misses, "upper": round(found.upper, 5)},
                "saved": {"median": round(float(np.median(saved)), 4), "mean": round(float(saved.mean()), 4)},
            })  # fmt: skip
    return settings, active


def write_classifiers(file: Path, ramps: list[tuple[np.ndarray, np.ndarray]], classes: int) -> None:
    """In the gateway's form of a ramp, with one query: query, middle, out (`src/local/classifiers.ts`). gelu(x) - gelu(-x) is x, so a linear
    ramp is a middle layer of both signs; a query of zeros pools evenly. The head is the identity: the last stage gives logits."""
    parts = []
    identity = np.eye(classes, dtype=np.float32)
    for weight, bias in ramps:
        width = weight.shape[1]
        padded = np.concatenate([weight, np.zeros_like(weight)], axis=1)
        parts += [np.zeros(width), np.concatenate([padded, -padded]), np.concatenate([bias, -bias])]
        parts += [np.concatenate([identity, -identity], axis=1), np.zeros(classes)]
    parts += [identity, np.zeros(classes)]
    file.write_bytes(b"".join(np.ascontiguousarray(part, dtype="<f4").tobytes() for part in parts))


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


if __name__ == "__main__":
    main()
