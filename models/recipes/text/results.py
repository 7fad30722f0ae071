"""What a task's model is worth on dev: accuracy in full, in int8 and with exits, agreement, and the share of time saved."""

import numpy as np
import torch

from data import OUT_OF_SCOPE, Task, make_batches
from budget import Costs, time_saved
from model import TextModel
from thresholds import Outcomes, leave


def exact_answers(model: TextModel, task: Task, part: str = "dev") -> np.ndarray:
    """Class numbers by the fp32 model, int64 [rows]."""
    answers = np.empty(len(task.parts[part]), dtype=np.int64)
    with torch.inference_mode():
        for batch in make_batches(task.name, task.parts[part], 2048, longest=10**6):
            _, final = model(task.name, torch.from_numpy(batch.ids), with_ramps=False)
            answers[batch.rows] = final.argmax(dim=1).numpy()
    return answers


def score(task: Task, answers: np.ndarray, part: str = "dev") -> dict[str, float]:
    """Accuracy; where there is an out-of-scope class, of the rows in scope, and that class's recall and precision."""
    labels = task.parts[part].labels
    if OUT_OF_SCOPE not in task.labels:
        return {"accuracy": share(answers == labels)}
    outside = labels == task.labels.index(OUT_OF_SCOPE)
    said = answers == task.labels.index(OUT_OF_SCOPE)
    return {
        "accuracy": share((answers == labels)[~outside]),
        "oosRecall": share(said[outside]),
        "oosPrecision": share(outside[said]) if said.any() else 0.0,
    }


def with_exits(outcomes: Outcomes, thresholds: list[float], answers: list[np.ndarray], costs: Costs) -> dict:
    """Agreement with the full int8 model, where rows leave (by ramp, then the end), and the time saved by rows; `answers` ends with the head's."""
    exits, agrees = leave(outcomes, thresholds)
    saved = time_saved(exits, thresholds, costs)
    return {
        "agreement": share(agrees),
        "answers": np.stack(answers)[exits, np.arange(len(exits))],
        "leaving": [share(exits == place) for place in range(len(thresholds) + 1)],
        "savedMedian": round(float(np.median(saved)), 4),
        "savedMean": round(float(saved.mean()), 4),
    }


def share(claims: np.ndarray) -> float:
    return round(float(np.mean(claims)), 4)
