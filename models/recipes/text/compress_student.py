"""Smaller trunks from a trained one: half of the FFN units pruned, or three of six blocks kept, then fine-tuned.

A unit's importance is |activation x gradient|, summed over tokens of train rows (Molchanov et al. 2019, section 3.1). The
fine-tune minimises half cross-entropy with the label and half distance to the six-block model's answer at temperature 2
(Hinton et al. 2015). Ramps are left out: what is compared is the full answer.
"""

import copy
import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from data import Task
from loop import batch_weight
from model import TextModel
from supervision import TEMPERATURE
from train import Settings, make_epoch

KEPT_BLOCKS = (1, 3, 5)
KEPT_UNITS = 768  # of 1,536 in each block
SCORED_BATCHES = 120
CLIP = 1.0


def keep_blocks(model: TextModel) -> TextModel:
    student = copy.deepcopy(model)
    student.trunk.blocks = nn.ModuleList(student.trunk.blocks[index] for index in KEPT_BLOCKS)
    return student


def prune_units(model: TextModel, tasks: list[Task], seed: int) -> TextModel:
    student = copy.deepcopy(model)
    for block, scores in zip(student.trunk.blocks, score_units(model, tasks, seed), strict=True):
        kept = torch.from_numpy(np.sort(np.argsort(-scores, kind="stable")[:KEPT_UNITS]))
        block.ffn_in = slim(block.ffn_in, block.ffn_in.weight[kept], block.ffn_in.bias[kept])
        block.ffn_out = slim(block.ffn_out, block.ffn_out.weight[:, kept], block.ffn_out.bias)
    return student


def score_units(model: TextModel, tasks: list[Task], seed: int) -> list[np.ndarray]:
    """float64 [1536] a block."""
    model = copy.deepcopy(model).eval()
    seen: list[Tensor] = []
    scores = [np.zeros(block.ffn_out.in_features) for block in model.trunk.blocks]
    hooks = [block.ffn_out.register_forward_pre_hook(lambda _, given: keep(seen, given[0])) for block in model.trunk.blocks]
    for batch in make_epoch(to_settings(tasks, seed, 1), tasks, 0)[:SCORED_BATCHES]:
        seen.clear()
        _, final = model(batch.task, torch.from_numpy(batch.ids), with_ramps=False)
        functional.cross_entropy(final, torch.from_numpy(batch.labels)).backward()
        for score, active in zip(scores, seen, strict=True):
            score += (active.detach() * active.grad).abs().sum(dim=(0, 1)).numpy()
    for hook in hooks:
        hook.remove()
    return scores


def keep(seen: list[Tensor], active: Tensor) -> None:
    active.retain_grad()
    seen.append(active)


def slim(former: nn.Linear, weight: Tensor, bias: Tensor) -> nn.Linear:
    dense = nn.Linear(weight.shape[1], weight.shape[0])
    dense.weight.data, dense.bias.data = weight.detach().clone(), bias.detach().clone()
    return dense.to(former.weight.dtype)


def fine_tune(student: TextModel, teacher: TextModel, tasks: list[Task], settings: Settings) -> float:
    """In place, at rates that fall linearly to zero. Answers the seconds it took."""
    started = time.monotonic()
    torch.manual_seed(settings.seed)
    teacher.eval()
    student.train()
    groups = [
        {"params": list(student.trunk.parameters()), "lr": settings.trunk_rate},
        {"params": list(student.heads.parameters()), "lr": settings.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.decay)
    per_epoch = len(make_epoch(settings, tasks, 0))
    steps = round(settings.epochs * per_epoch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / settings.warm_up, 1 - step / max(1, steps)))
    for step in range(steps):
        if step % per_epoch == 0:
            batches = make_epoch(settings, tasks, step // per_epoch)
        batch = batches[step % per_epoch]
        ids = torch.from_numpy(batch.ids)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                _, taught = teacher(batch.task, ids, with_ramps=False)
            _, said = student(batch.task, ids, with_ramps=False)
        loss = find_loss(said.float(), taught.float(), torch.from_numpy(batch.labels))
        optimizer.zero_grad(set_to_none=True)
        (loss * batch_weight(batch, settings)).backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} of {steps}, loss {loss.item():.4f}, {time.monotonic() - started:.0f} s", flush=True)
    student.eval()
    return time.monotonic() - started


def find_loss(said: Tensor, taught: Tensor, labels: Tensor) -> Tensor:
    teacher = functional.softmax(taught / TEMPERATURE, dim=1)
    student = functional.log_softmax(said / TEMPERATURE, dim=1)
    distance = functional.kl_div(student, teacher, reduction="batchmean") * TEMPERATURE**2
    return 0.5 * functional.cross_entropy(said, labels) + 0.5 * distance


def to_settings(tasks: list[Task], seed: int, epochs: float, trunk_rate: float = 1.2e-4) -> Settings:
    names = tuple(task.name for task in tasks)
    return Settings(names, True, seed, epochs, epochs, trunk_rate=trunk_rate, masked=0.0, head_rate=5e-4, warm_up=30)
