"""Writes test/golden/ramps.json: small random classifiers with the logits that the recipe's own code gives them.

    python models/recipes/text/golden.py

The gateway's TypeScript is held to these numbers. Needs no model and no torch.
"""

import base64
import json
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from classifiers import apply_ramp, read_classifiers

WIDTH, QUERIES, UNITS, CLASSES, RAMPS = 8, 3, 4, 3, 2
TOKENS = (1, 5, 12)


def main() -> None:
    random = np.random.default_rng(1)
    numbers = RAMPS * (QUERIES * WIDTH + UNITS * (1 + QUERIES) * WIDTH + UNITS + CLASSES * UNITS + CLASSES) + CLASSES * WIDTH + CLASSES
    weights = random.normal(0, 1, numbers).astype("<f4")
    with NamedTemporaryFile() as file:
        weights.tofile(file.name)
        entry = {"labels": ["a"] * CLASSES, "rampUnits": UNITS, "pooling": ["mean"] + ["query"] * QUERIES}
        ramps, (head, bias) = read_classifiers(Path(file.name), entry, RAMPS, WIDTH)
    cases = []
    for tokens in TOKENS:
        hidden = random.normal(0, 1, (tokens, WIDTH)).astype("<f4")
        cases.append({
            "hidden": encode(hidden),
            "tokens": tokens,
            "ramps": [apply_ramp(ramp, hidden).astype(float).tolist() for ramp in ramps],
            "head": (head @ hidden.mean(axis=0) + bias).astype(float).tolist(),
        })  # fmt: skip
    sizes = {"ramps": RAMPS, "width": WIDTH, "queries": QUERIES, "units": UNITS, "classes": CLASSES}
    out = Path(__file__).resolve().parents[3] / "test" / "golden" / "ramps.json"
    out.write_text(json.dumps({"sizes": sizes, "classifiers": encode(weights), "cases": cases}, indent=2) + "\n")


def encode(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


if __name__ == "__main__":
    main()
