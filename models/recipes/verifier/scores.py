"""How well scores tell same from different: average precision, F1, precision at a recall."""

import numpy as np


def average_precision(scores: np.ndarray, labels: np.ndarray) -> float:
    """Sum over the steps of recall of the precision there; equal scores are one step."""
    precision, recall, _ = curve(scores, labels)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def curve(scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall and threshold where all scores of at least the threshold are taken for same, thresholds falling."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    right = np.cumsum(labels[order])[ends]
    return right / (ends + 1), right / max(1, labels.sum()), scores[order][ends]


def f1_at(scores: np.ndarray, labels: np.ndarray, threshold: float) -> float:
    taken = scores >= threshold
    right = float((taken & (labels == 1)).sum())
    return 2 * right / max(1.0, float(taken.sum() + labels.sum()))


def best_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """The one of the largest F1."""
    precision, recall, thresholds = curve(scores, labels)
    return float(thresholds[np.argmax(2 * precision * recall / np.maximum(precision + recall, 1e-12))])


def threshold_at_recall(scores: np.ndarray, labels: np.ndarray, recall: float) -> float:
    """The highest threshold that reaches so much recall."""
    _, reached, thresholds = curve(scores, labels)
    return float(thresholds[np.argmax(reached >= recall)])


def precision_at_recall(scores: np.ndarray, labels: np.ndarray, recall: float) -> float:
    precision, reached, _ = curve(scores, labels)
    return float(precision[np.argmax(reached >= recall)])
