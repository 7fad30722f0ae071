"""What the built files say of rows in the gateway's own runtime: `npm run model:observe`, WebAssembly kernels in workerd.

ONNX Runtime's native int8 kernels round otherwise than its WebAssembly ones, by up to .145 in the confidence of a single
row. A certificate holds for what was measured, so thresholds are ordered and certified on what is served.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from thresholds import Outcomes

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Observed:
    """Of some rows: the ramps' confidence and agreement; class numbers and confidence of each ramp and, last, the full model."""

    outcomes: Outcomes
    answers: list[np.ndarray]
    confidence: np.ndarray  # [ramps + 1, rows]


def observe(model: Path, task: str, inputs: Sequence[dict]) -> Observed:
    """`model` is a built folder with its manifest; an input is what the command takes, such as {"text": "..."}."""
    command = ["npm", "run", "-s", "model:observe", "--", "--model", str(model.resolve()), "--task", task]
    # ASCII lines: a text may hold what others take for the end of a line.
    lines = "".join(f"{json.dumps(row)}\n" for row in inputs)
    given = subprocess.run(command, cwd=ROOT, input=lines, stdout=subprocess.PIPE, text=True, check=False)
    rows = [json.loads(line) for line in given.stdout.splitlines()]
    if given.returncode or len(rows) != len(inputs):
        raise SystemExit(f"model:observe {model} {task}: expected {len(inputs)} rows, received {len(rows)}")
    confidence = np.array([row["confidences"] for row in rows], dtype=np.float64).T
    answers = np.array([row["labels"] for row in rows], dtype=np.int64).T
    return Observed(Outcomes(confidence[:-1], answers[:-1] == answers[-1]), list(answers), confidence)
