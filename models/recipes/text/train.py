"""Trains one trunk for the named tasks, with ramps after each block, and writes checkpoints and curves.

    python models/recipes/text/train.py --model text|intents [--tasks sst2,trec] [--plain] [--name NAME] [--epochs 6]

Deep supervision (supervision.py), the ramps weighted by RAMP_WEIGHTS. With --plain there are no ramps: the trunk to compare
with. Seeded; a run that was stopped resumes after its last epoch.
"""

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: spinning threads starve on shared cores

import numpy as np
import torch
from torch import Tensor

from data import CACHE, DATA, OUT_OF_SCOPE, Batch, Part, Task, make_batches, read_tasks
from loop import batch_weight, log, make_optimizer, rate_at, restore, save, set_rates
from minilm import read_weights
from model import TextModel
from plans import PLANS
from supervision import supervised_loss

MASK = 103  # the tokenizer's [MASK]
RAMP_WEIGHTS = (0.5, 0.4, 0.3, 0.2, 0.2)  # blocks 1 to 5: most requests are meant to leave early
LABEL_SMOOTHING = 0.05  # of the head's loss, where there are many classes
REPEAT_OUT_OF_SCOPE = 3  # clinc150 has 85 such rows in train, and 85 of each intent: too few for so wide a class


@dataclass(frozen=True)
class Settings:
    """Of a run; the schedule of its rates is loop.py's."""

    tasks: tuple[str, ...]
    plain: bool
    seed: int
    epochs: float
    descent: float
    trunk_rate: float
    masked: float
    batch_tokens: int = 768
    head_rate: float = 1.5e-3
    decay: float = 0.01
    dropout: float = 0.1
    warm_up: int = 100  # steps


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    tasks = read_tasks(options.tasks, options.data, options.limit)
    settings = Settings(options.tasks, options.plain, options.seed, options.epochs, options.descent, options.rate, options.masked)
    folder = options.cache / options.name
    folder.mkdir(parents=True, exist_ok=True)
    train(settings, tasks, folder)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=PLANS, default="text", help="whose plan to follow where nothing else is said")
    parser.add_argument("--name", help="folder of the run under --cache; default: the model's name")
    parser.add_argument("--tasks")
    parser.add_argument("--plain", action="store_true", help="no ramps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--descent", type=float, help="epochs over which the rates fall to zero")
    parser.add_argument("--rate", type=float, help="learning rate of the trunk")
    parser.add_argument("--masked", type=float, help="share of the tokens shown as [MASK]: few rows, and no single word should decide")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="rows of each part, for a smoke run")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    plan = PLANS[options.model]
    options.tasks = tuple(options.tasks.split(",")) if options.tasks else plan.tasks
    options.name = options.name or options.model
    for setting in ("epochs", "descent", "rate", "masked"):
        if getattr(options, setting) is None:
            setattr(options, setting, getattr(plan, setting))
    return options


def train(settings: Settings, tasks: list[Task], folder: Path) -> None:
    torch.manual_seed(settings.seed)
    model = TextModel(read_weights(), {task.name: len(task.labels) for task in tasks}, settings.dropout)
    optimizer = make_optimizer(model.trunk, [*model.heads.parameters(), *model.ramps.parameters()], settings)
    state = restore(folder / "last.pt", model, optimizer)
    (folder / "settings.json").write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
    log(folder, {"event": "start", **asdict(settings), **state})
    per_epoch = len(make_epoch(settings, tasks, 0))
    while state["step"] < round(settings.epochs * per_epoch):
        run_epoch(settings, tasks, model, optimizer, state, per_epoch, folder)
        save(folder / "last.pt", model, optimizer, state)
    log(folder, {"event": "end", **state})


def run_epoch(
    settings: Settings, tasks: list[Task], model: TextModel, optimizer: torch.optim.Optimizer,
    state: dict[str, float], per_epoch: int, folder: Path,
) -> None:  # fmt: skip
    """One pass over all tasks, then accuracies on dev. Advances state's epoch, step and seconds."""
    model.train()
    torch.manual_seed(settings.seed * 1000 + int(state["epoch"]))
    losses: dict[str, list[float]] = {task.name: [] for task in tasks}
    started = time.monotonic()
    for batch in make_epoch(settings, tasks, int(state["epoch"]))[: round(settings.epochs * per_epoch) - int(state["step"])]:
        mask_tokens(batch, settings.masked)
        set_rates(optimizer, rate_at(settings, int(state["step"]), per_epoch))
        loss = find_loss(model, batch, settings)
        optimizer.zero_grad(set_to_none=True)
        (loss * batch_weight(batch, settings)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses[batch.task].append(loss.item())
        state["step"] += 1
        if state["step"] % 50 == 0:
            running = {task: round(float(np.mean(values[-20:])), 4) for task, values in losses.items() if values}
            seconds = round(state["seconds"] + time.monotonic() - started)
            log(folder, {"event": "step", "step": state["step"], "of": round(settings.epochs * per_epoch), "seconds": seconds, "loss": running})
    state["epoch"] += 1
    state["seconds"] = round(state["seconds"] + time.monotonic() - started)
    accuracy = {task.name: measure(model, task.name, task.parts["dev"]) for task in tasks}
    log(folder, {"event": "epoch", **state, "dev": accuracy})


def mask_tokens(batch: Batch, share: float) -> None:
    """Replaces a share of the tokens between CLS and SEP, in place; the draw is torch's, which is seeded by epoch."""
    if share > 0:
        inner = batch.ids[:, 1:-1]
        inner[torch.rand(inner.shape).numpy() < share] = MASK


def find_loss(model: TextModel, batch: Batch, settings: Settings) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        ramps, final = model(batch.task, torch.from_numpy(batch.ids), with_ramps=not settings.plain)
    smoothing = LABEL_SMOOTHING if final.shape[1] > 2 else 0.0
    return supervised_loss(ramps, final, torch.from_numpy(batch.labels), RAMP_WEIGHTS, smoothing)


def make_epoch(settings: Settings, tasks: list[Task], epoch: int) -> list[Batch]:
    """All tasks' batches, mixed. The number of batches is the same in every epoch."""
    random = np.random.default_rng([settings.seed, epoch])
    batches = []
    for task in tasks:
        batches += make_batches(task.name, repeat_out_of_scope(task), settings.batch_tokens, random)
    return [batches[index] for index in random.permutation(len(batches))]


def repeat_out_of_scope(task: Task) -> Part:
    part = task.parts["train"]
    if OUT_OF_SCOPE not in task.labels:
        return part
    rows = np.flatnonzero(part.labels == task.labels.index(OUT_OF_SCOPE)).tolist() * (REPEAT_OUT_OF_SCOPE - 1)
    ids, texts = ([*all_rows, *(all_rows[row] for row in rows)] for all_rows in (part.ids, part.texts))
    return Part(ids, np.concatenate([part.labels, part.labels[rows]]), texts)


@torch.inference_mode()
def measure(model: TextModel, task: str, part: Part) -> list[float]:
    """Accuracy of each ramp and, last, of the head, in bfloat16 as in training: for the curves only."""
    model.eval()
    hits: list[np.ndarray] = []
    for batch in make_batches(task, part, 4096):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            ramps, final = model(task, torch.from_numpy(batch.ids))
        hits.append(np.array([(logits.argmax(1).numpy() == batch.labels).sum() for logits in [*ramps, final]]))
    return [round(float(value), 4) for value in np.sum(hits, axis=0) / len(part)]


if __name__ == "__main__":
    main()
