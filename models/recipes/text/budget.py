"""What leaving early saves and what ramps cost, in shares of the full model's time, and which ramps fit the budget."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from thresholds import OFF, Outcomes, leave, make_path

RAMP_BUDGET = 0.02  # the gateway's default: what the active ramps may add to a request that passes all of them
AIM = 0.005  # disagreement on tune rows at which sets of ramps are compared


@dataclass(frozen=True)
class Costs:
    """How long each stage and each ramp takes, in any unit, and how many stages run before each ramp."""

    stages: tuple[float, ...]
    ramps: tuple[float, ...]
    before: tuple[int, ...]

    @property
    def full(self) -> float:
        return sum(self.stages)

    def fits(self, active: tuple[bool, ...]) -> bool:
        return sum(cost for cost, on in zip(self.ramps, active, strict=True) if on) <= RAMP_BUDGET * self.full + 1e-12


def time_saved(exits: np.ndarray, thresholds: list[float], costs: Costs) -> np.ndarray:
    """Share of the full model's time by row, the ramps on the way counted; below 0 where all were passed in vain."""
    ramps = np.where(np.array(thresholds) < OFF, costs.ramps, 0.0)
    until = np.cumsum([0.0, *costs.stages])
    spent = until[[*costs.before, len(costs.stages)]] + np.cumsum([*ramps, 0.0])
    return 1 - spent[exits] / costs.full


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
        exits, agrees = leave(tune, thresholds)
        if 1 - agrees.mean() > AIM:
            break
        saved = float(time_saved(exits, thresholds, costs).mean())
    return saved
