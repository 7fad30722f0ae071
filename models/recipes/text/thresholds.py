"""Confidence thresholds of the ramps: put in order on tune rows, certified on calibrate rows.

1. Order. On tune rows, each ramp's chance of disagreeing with the full model is modelled as a function of its confidence
   (Platt 1999). A setting lets every ramp answer where that chance is at most a level, the same for all ramps; raising the
   level gives a path of settings. Greedy steps, one threshold at a time, as in Apparate (SOSP 2024, section 3.2), saved
   less at the same disagreement: with 300 to 800 rows they chase the chance of single rows.
2. Certify. On calibrate rows the path is walked from strict to loose, testing each setting's hypothesis "it disagrees on
   more than the bound" at 5 %, until one is not rejected (fixed-sequence testing: Learn then Test, Angelopoulos et al.
   2021, section 2.3). All rejected ones are certified: over the choice of the calibrate rows, the bound of any of them is
   broken with a probability of at most 5 %. Of those the loosest is taken that misses on at most AIM of the bound. Rows without a miss certify 1 % from 299 rows on; fewer certify nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

CONFIDENCE = 0.95
LEVELS = np.geomspace(1e-4, 0.5, 150)  # the chance of disagreement up to which a ramp may answer
AIM = 0.4  # of the bound: a policy that misses more often is certified, and yet under suspicion whenever it is watched
OFF = 2.0  # no confidence reaches it
PRIOR = 1e-2


@dataclass(frozen=True)
class Outcomes:
    """What ramps and the full model say: confidence and agreement are [ramps, rows]."""

    confidence: np.ndarray
    agrees: np.ndarray

    @property
    def rows(self) -> int:
        return self.confidence.shape[1]


@dataclass(frozen=True)
class Certified:
    """`upper` is the Clopper-Pearson limit (95 % for one walk) of the disagreement at these thresholds."""

    bound: float
    thresholds: list[float]
    rows: int
    misses: int
    upper: float


def leave(outcomes: Outcomes, thresholds: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """For each row the ramp where it leaves (the number of ramps: at the end), and whether the answer is the full model's."""
    confident = outcomes.confidence >= np.array(thresholds)[:, None]
    everyone = np.ones((1, outcomes.rows), dtype=bool)
    first = np.concatenate([confident, everyone]).argmax(axis=0)
    agrees = np.concatenate([outcomes.agrees, everyone])
    return first, agrees[first, np.arange(outcomes.rows)]


def make_path(tune: Outcomes, active: Sequence[bool] | None = None) -> list[list[float]]:
    """Settings from strict to loose, the first with every ramp off; ramps that are not active stay off."""
    curves = [fit_curve(c, a) for c, a in zip(tune.confidence, tune.agrees, strict=True)]
    active = active or [True] * len(curves)
    settings = [[OFF] * len(curves)]
    for level in LEVELS:
        settings.append([invert(curve, level) if on else OFF for curve, on in zip(curves, active, strict=True)])
    return settings


def certify(path: list[list[float]], calibrate: Outcomes, bound: float, walks: int = 1) -> Certified | None:
    """The loosest certified setting of the path that kept to AIM of the bound; None if not even "no ramp" is, for want of rows.

    Where the same rows have walked several paths, each walk is a test at its part of the 5 %.
    """
    best = None
    for thresholds in path:
        _, agrees = leave(calibrate, thresholds)
        misses = int((~agrees).sum())
        upper = upper_limit(misses, calibrate.rows, walks)
        if upper > bound:
            break
        if misses <= AIM * bound * calibrate.rows:
            best = Certified(bound, thresholds, calibrate.rows, misses, upper)
    return best


def upper_limit(misses: int, rows: int, walks: int = 1) -> float:
    """Clopper and Pearson's one-sided limit of a rate, 95 % for one walk."""
    return 1.0 if misses >= rows else float(beta.ppf(1 - (1 - CONFIDENCE) / walks, misses + 1, rows - misses))


def fit_curve(confidence: np.ndarray, agrees: np.ndarray) -> tuple[float, float]:
    """(a, b) of P(disagrees) = 1 / (1 + exp(a + b x)), x the confidence's log-odds, by Newton's method with a weak prior."""
    x = np.stack([np.ones_like(confidence), to_log_odds(confidence)])
    y = agrees.astype(np.float64)
    w = np.array([0.0, 1.0])
    for _ in range(200):
        p = 1 / (1 + np.exp(-(w @ x)))
        gradient = x @ (p - y) + PRIOR * (w - [0.0, 1.0])
        hessian = (x * (p * (1 - p))) @ x.T + PRIOR * np.eye(2)
        w = w - np.clip(np.linalg.solve(hessian, gradient), -0.5, 0.5)
    return float(w[0]), float(max(w[1], 0.05))


def predict(curve: tuple[float, float], confidence: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(curve[0] + curve[1] * to_log_odds(confidence)))


def invert(curve: tuple[float, float], level: float) -> float:
    """The confidence at which the chance of disagreement falls to `level`, as many digits as a manifest has."""
    return float(f"{1 / (1 + np.exp(-(np.log(1 / level - 1) - curve[0]) / curve[1])):.9g}")


def to_log_odds(confidence: np.ndarray) -> np.ndarray:
    """Of the confidence, which a float64 can hold apart from 1 by 1e-12 at least."""
    clipped = np.clip(confidence, 1e-6, 1 - 1e-12)
    return np.log(clipped) - np.log1p(-clipped)
