"""`golden.py [--out FILE]`: a mixed model's fit by numpy, from the covariance itself, to hold fit.ts to. Needs numpy alone."""

import argparse
import json
from pathlib import Path

import numpy as np

SUBJECT_VARIANCE, ROW_VARIANCE = 0.005, 0.22
ROOT = Path(__file__).parents[3]


def fit(samples: list[dict], without: list[str], ridge: float) -> list[float]:
    """Generalised least squares: V is ROW_VARIANCE on the diagonal and SUBJECT_VARIANCE within a subject."""
    kept = [sample for sample in samples if sample["subject"] not in without]
    x = np.array([[1.0, *sample["values"]] for sample in kept])
    y = np.array([sample["target"] for sample in kept])
    subjects = np.array([sample["subject"] for sample in kept])
    v = ROW_VARIANCE * np.eye(len(kept)) + SUBJECT_VARIANCE * (subjects[:, None] == subjects[None])
    weighted = x.T @ np.linalg.inv(v) * ROW_VARIANCE
    penalty = ridge * np.eye(x.shape[1])
    penalty[0, 0] = 0
    return np.linalg.solve(weighted @ x + penalty, weighted @ y).tolist()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=ROOT / "test/golden/tiers-fit.json")
    out = parser.parse_args().out
    random = np.random.default_rng(1)
    samples = []
    for subject, rows in [("a", 3), ("b", 12), ("c", 25)]:
        shift = random.normal()
        for _ in range(rows):
            values = random.normal(size=4).round(3)
            target = int(values @ [1, -0.5, 0, 0.2] + shift + random.normal() > 0)
            samples.append({"subject": subject, "values": values.tolist(), "target": target})
    fits = [
        {"without": without, "ridge": ridge, "weights": fit(samples, without, ridge)}
        for without, ridge in [([], 0.0), ([], 10.0), (["c"], 1.0), (["a", "b"], 10.0)]
    ]
    out.write_text(json.dumps({"samples": samples, "fits": fits}) + "\n")


if __name__ == "__main__":
    main()
