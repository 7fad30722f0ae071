"""What every training loop here does: learning rates, whole checkpoints, lines of curves.

Rates are constant after warm-up, then descend linearly to zero over the last epochs (Hu et al. 2024), so a run can be
shortened or lengthened while it goes, by resuming with another number of epochs.
"""

import json
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from data import Batch


class Schedule(Protocol):
    epochs: float
    descent: float  # epochs
    batch_tokens: int
    trunk_rate: float
    head_rate: float
    decay: float
    warm_up: int  # steps


def make_optimizer(trunk: nn.Module, rest: list[nn.Parameter], schedule: Schedule) -> torch.optim.Optimizer:
    matrices = [p for p in trunk.parameters() if p.ndim > 1]
    vectors = [p for p in trunk.parameters() if p.ndim == 1]
    groups = [
        {"params": matrices, "base": schedule.trunk_rate, "weight_decay": schedule.decay},
        {"params": vectors, "base": schedule.trunk_rate, "weight_decay": 0.0},
        {"params": rest, "base": schedule.head_rate, "weight_decay": schedule.decay},
    ]
    return torch.optim.AdamW(groups, lr=0.0, fused=True)


def rate_at(schedule: Schedule, step: int, per_epoch: float) -> float:
    """The share of the full learning rate at a step."""
    left = (schedule.epochs * per_epoch - step) / (schedule.descent * per_epoch)
    return min(1.0, (step + 1) / schedule.warm_up, left)


def set_rates(optimizer: torch.optim.Optimizer, share: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * share


def batch_weight(batch: Batch, schedule: Schedule) -> float:
    """Batches that were not filled count less, in proportion to their tokens."""
    return min(1.0, batch.ids.size / schedule.batch_tokens)


def save(file: Path, model: nn.Module, optimizer: torch.optim.Optimizer, state: dict[str, float]) -> None:
    """Whole or not at all, and one earlier file is kept."""
    fresh = file.with_suffix(".new")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "state": dict(state)}, fresh)
    if file.exists():
        file.replace(file.with_suffix(".previous"))
    fresh.replace(file)


def restore(file: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, float]:
    if not file.exists():
        return {"epoch": 0, "step": 0, "seconds": 0}
    saved = torch.load(file, weights_only=True)
    model.load_state_dict(saved["model"])
    bases = [group["base"] for group in optimizer.param_groups]
    optimizer.load_state_dict(saved["optimizer"])
    for group, base in zip(optimizer.param_groups, bases, strict=True):
        group["base"] = base
    return saved["state"]


def log(folder: Path, event: dict) -> None:
    """A line to curves.jsonl and to standard output."""
    line = json.dumps(event)
    print(line, flush=True)
    with (folder / "curves.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
