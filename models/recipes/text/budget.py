"""What leaving early saves and what ramps cost, in shares of the full model's time, and which ramps fit the budget."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from thresholds import OFF, Outcomes, leave, make_path

RAMP_BUDGET = 0.02  # the gateway's default: what the active ramps may add to a request that passes all of them
AIM = 0.005  # disagreement on tune rows at which sets of ramps are compared


@dataclass(frozen=True)
class Costs:
    """How long each stage and the ramp after each stage but the last take, in any unit."""

    stages: tuple[float, ...]
    ramps: tuple[float, ...]

    @property
    def full(self) -> float:
        return sum(self.stages)

    def fits(self, active: tuple[bool, ...]) -> bool:
        return sum(cost for cost, on in zip(self.ramps, active, strict=True) if on) <= RAMP_BUDGET * self.full + 1e-12


def time_saved(stages_run: np.ndarray, thresholds: list[float], costs: Costs) -> np.ndarray:
    """Share of the full model's time by row, the ramps on the way counted; below 0 where all were passed in vain."""
    ramps = np.where(np.array(thresholds) < OFF, costs.ramps, 0.0)
    spent = np.cumsum(costs.stages) + np.cumsum([*ramps, 0.0])
    return 1 - spent[stages_run - 1] / costs.full


def choose_ramps(tune: Outcomes, costs: Costs) -> tuple[bool, ...]:
    """Of all sets of ramps within the budget, the one that saves most on tune rows where its path first exceeds AIM."""
    best, most = tuple(False for _ in costs.ramps), 0.0
    for active in product((False, True), repeat=len(costs.ramps)):
        if any(active) and costs.fits(active):
            saved = saved_at_aim(tune, active, costs)
            if saved > most:
                best, most = active, saved
    return best


def saved_at_aim(tune: Outcomes, active: tuple[bool, ...], costs: Costs) -> float:
    saved = 0.0
    for thresholds in make_path(tune, active):
        stages_run, agrees = leave(tune, thresholds)
        if 1 - agrees.mean() > AIM:
            break
        saved = float(time_saved(stages_run, thresholds, costs).mean())
    return saved
