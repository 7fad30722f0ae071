"""What scores of pairs are worth: the figures of qqp/dev and pawsx, and how many swaps are taken for the same."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pair_rows import Pair, read_pair_parts, read_pairs
from scores import average_precision, best_threshold, f1_at, precision_at_recall, threshold_at_recall

RECALLS = (0.6, 0.7, 0.8)
Score = Callable[[Sequence[Pair]], np.ndarray]  # pairs to log-odds of "same", one a pair


def report(score: Score, data: Path, swaps: Sequence[Pair]) -> dict:
    """Thresholds come from the tune rows of qqp/train, which trained nothing."""
    parts = read_pair_parts(data)
    tuned, tune = score(parts["tune"]), labels_of(parts["tune"])
    said, dev = score(parts["dev"]), labels_of(parts["dev"])
    other = score([pair._replace(text_a=pair.text_b, text_b=pair.text_a) for pair in parts["dev"]])
    thresholds = {recall: threshold_at_recall(tuned, tune, recall) for recall in RECALLS}
    return {
        "qqp_dev": figures(said, dev, best_threshold(tuned, tune)),
        "qqp_dev_other_order": figures(other, dev, best_threshold(tuned, tune)),
        "qqp_dev_both_orders": figures((said + other) / 2, dev, best_threshold(tuned, tune)),
        "pawsx_dev_en": pawsx(score, data),
        "swaps": wrong_by_kind(score, swaps, thresholds),
    }


def figures(scores: np.ndarray, labels: np.ndarray, threshold: float) -> dict[str, float]:
    return {
        "ap": rounded(average_precision(scores, labels)),
        "f1": rounded(f1_at(scores, labels, threshold)),
        "best_f1": rounded(f1_at(scores, labels, best_threshold(scores, labels))),
        "precision_at_60": rounded(precision_at_recall(scores, labels, 0.6)),
    }


def pawsx(score: Score, data: Path) -> dict[str, float]:
    pairs = read_pairs(data / "pawsx" / "dev-en.jsonl.gz", "pawsx")
    return {"ap": rounded(average_precision(score(pairs), labels_of(pairs))), "same": rounded(labels_of(pairs).mean())}


def wrong_by_kind(score: Score, swaps: Sequence[Pair], thresholds: dict[float, float]) -> dict[str, dict[str, float]]:
    """Share taken for the same, by kind, where the threshold gives so much recall on tune rows; `paraphrase` is right."""
    scores = score(swaps)
    rows: dict[str, list[int]] = defaultdict(list)
    for at, pair in enumerate(swaps):
        rows[pair.kind].append(at)
    return {
        kind: {f"at_{recall * 100:.0f}": rounded((scores[at] >= threshold).mean()) for recall, threshold in thresholds.items()}
        for kind, at in sorted(rows.items())
    }


def labels_of(pairs: Sequence[Pair]) -> np.ndarray:
    return np.array([pair.label for pair in pairs])


def rounded(value: float) -> float:
    return round(float(value), 4)
