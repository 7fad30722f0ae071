"""Trains the residual network with its ramps, and writes checkpoints and curves.

    python models/recipes/cifar10/train.py [--name joint] [--epochs 20] [--plain]

Deep supervision: the loss is the head's cross-entropy plus each ramp's, weighted by RAMP_WEIGHTS; a ramp's own loss is
half cross-entropy with the label and half distance to the head's answer (self-distillation, Zhang et al. 2019). With
--plain the ramps weigh nothing: the network to compare with. Seeded; a run that was stopped resumes after its last epoch.
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
from torch.nn import functional

from data import CACHE, SIDE, Part, normalise, read_parts
from model import ImageModel
from splits import ARCHIVE

RAMP_WEIGHTS = (0.4, 0.4, 0.3, 0.3)
TEMPERATURE = 2.0  # of the distillation
PADDING = 4  # of the random crops
HOLE = 8  # side of the square that is blanked (Cutout, DeVries and Taylor 2017)


@dataclass(frozen=True)
class Settings:
    """A rising rate, then a constant one, then a linear descent to zero over the last epochs (Hu et al. 2024).

    So a run can be shortened or lengthened while it goes, by resuming with another number of epochs.
    """

    plain: bool
    seed: int
    epochs: float
    descent: float
    batch: int = 128
    rate: float = 0.15
    momentum: float = 0.9
    decay: float = 5e-4
    smoothing: float = 0.05  # of the head's labels
    warm_up: float = 1.5  # epochs
    holes: float = 16  # epochs with blank squares; few epochs are left to learn whole images


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    parts = read_parts(options.data, options.limit)
    settings = Settings(options.plain, options.seed, options.epochs, options.descent, rate=options.rate)
    folder = options.cache / options.name
    folder.mkdir(parents=True, exist_ok=True)
    train(settings, parts, folder)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plain", action="store_true", help="ramps that weigh nothing")
    parser.add_argument("--name", default="joint", help="folder of the run under --cache")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=float, default=20)
    parser.add_argument("--descent", type=float, default=13, help="epochs over which the rate falls to zero")
    parser.add_argument("--rate", type=float, default=Settings.rate, help="the highest learning rate")
    parser.add_argument("--threads", type=int, default=1, help="two were slower on two shared cores")
    parser.add_argument("--limit", type=int, help="rows of each part, for a smoke run")
    parser.add_argument("--data", type=Path, default=ARCHIVE)
    parser.add_argument("--cache", type=Path, default=CACHE)
    return parser.parse_args()


def train(settings: Settings, parts: dict[str, Part], folder: Path) -> None:
    torch.manual_seed(settings.seed)
    model = ImageModel().to(memory_format=torch.channels_last)
    optimizer = make_optimizer(model, settings)
    state = restore(folder / "last.pt", model, optimizer)
    (folder / "settings.json").write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
    log(folder, {"event": "start", **asdict(settings), **state})
    steps = round(settings.epochs * (len(parts["train"]) // settings.batch))
    while state["step"] < steps:
        run_epoch(settings, parts, model, optimizer, state, steps, folder)
        save(folder / "last.pt", model, optimizer, state)
    log(folder, {"event": "end", **state})


def run_epoch(
    settings: Settings, parts: dict[str, Part], model: ImageModel, optimizer: torch.optim.Optimizer,
    state: dict[str, float], steps: int, folder: Path,
) -> None:  # fmt: skip
    """One pass over the train part, then accuracies on dev. Advances state's epoch, step and seconds."""
    model.train()
    random = np.random.default_rng([settings.seed, int(state["epoch"])])
    part, losses = parts["train"], []
    per_epoch = len(part) // settings.batch
    order = random.permutation(len(part))[: per_epoch * settings.batch].reshape(per_epoch, settings.batch)
    with_holes = state["epoch"] < settings.holes
    started = time.monotonic()
    for rows in order[: steps - int(state["step"])]:
        set_rate(optimizer, settings.rate * rate_at(settings, int(state["step"]) / per_epoch))
        loss = find_loss(model, vary(part.pixels[rows], random, with_holes), torch.from_numpy(part.labels[rows]), settings)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        state["step"] += 1
        if state["step"] % 50 == 0:
            seconds = round(state["seconds"] + time.monotonic() - started)
            log(folder, {"event": "step", "step": state["step"], "of": steps, "seconds": seconds, "loss": mean_of(losses[-50:])})
    state["epoch"] += 1
    state["seconds"] = round(state["seconds"] + time.monotonic() - started)
    log(folder, {"event": "epoch", **state, "loss": mean_of(losses), "dev": measure(model, parts["dev"])})


def vary(pixels: np.ndarray, random: np.random.Generator, with_holes: bool = True) -> Tensor:
    """Crops of the reflected image, mirrored by halves, with a blank square: float32 [rows, 3, 32, 32], normalised."""
    rows = len(pixels)
    padded = np.pad(pixels, ((0, 0), (PADDING, PADDING), (PADDING, PADDING), (0, 0)), mode="reflect")
    top, left = random.integers(0, 2 * PADDING + 1, (2, rows))
    middle_row, middle_column = random.integers(0, SIDE, (2, rows))
    mirrored = random.random(rows) < 0.5
    down = top[:, None] + np.arange(SIDE)
    across = left[:, None] + np.where(mirrored[:, None], np.arange(SIDE)[::-1], np.arange(SIDE))
    images = normalise(padded[np.arange(rows)[:, None, None], down[:, :, None], across[:, None, :]])
    if not with_holes:
        return to_input(images)
    in_rows = np.abs(np.arange(SIDE) - middle_row[:, None]) < HOLE // 2
    in_columns = np.abs(np.arange(SIDE) - middle_column[:, None]) < HOLE // 2
    images[in_rows[:, :, None] & in_columns[:, None, :]] = 0
    return to_input(images)


def to_input(images: np.ndarray) -> Tensor:
    """Normalised [rows, 32, 32, 3] as the network takes it; the memory stays channels last."""
    return torch.from_numpy(images).permute(0, 3, 1, 2)


def find_loss(model: ImageModel, images: Tensor, labels: Tensor, settings: Settings) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        ramps, final = model(images)
    final = final.float()
    loss = functional.cross_entropy(final, labels, label_smoothing=settings.smoothing)
    if settings.plain:
        return loss
    teacher = functional.softmax(final.detach() / TEMPERATURE, dim=1)
    for weight, logits in zip(RAMP_WEIGHTS, ramps, strict=True):
        logits = logits.float()
        student = functional.log_softmax(logits / TEMPERATURE, dim=1)
        distance = functional.kl_div(student, teacher, reduction="batchmean") * TEMPERATURE**2
        loss = loss + weight * 0.5 * (functional.cross_entropy(logits, labels) + distance)
    return loss


def make_optimizer(model: ImageModel, settings: Settings) -> torch.optim.Optimizer:
    """Stochastic gradient descent; biases and norms do not decay."""
    groups = [
        {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": settings.decay},
        {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.SGD(groups, lr=0.0, momentum=settings.momentum, nesterov=True)


def rate_at(settings: Settings, epoch: float) -> float:
    """The share of the full learning rate, `epoch` being a fraction."""
    return min(1.0, (epoch + 0.01) / settings.warm_up, (settings.epochs - epoch) / settings.descent)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


@torch.inference_mode()
def measure(model: ImageModel, part: Part) -> list[float]:
    """Accuracy of each ramp and, last, of the head, in bfloat16 as in training: for the curves only."""
    model.eval()
    hits = []
    for start in range(0, len(part), 500):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            ramps, final = model(to_input(normalise(part.pixels[start : start + 500])))
        labels = part.labels[start : start + 500]
        hits.append([(logits.float().argmax(1).numpy() == labels).sum() for logits in [*ramps, final]])
    return [round(float(value), 4) for value in np.sum(hits, axis=0) / len(part)]


def save(file: Path, model: ImageModel, optimizer: torch.optim.Optimizer, state: dict[str, float]) -> None:
    """Whole or not at all, and one earlier file is kept."""
    fresh = file.with_suffix(".new")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "state": dict(state)}, fresh)
    if file.exists():
        file.replace(file.with_suffix(".previous"))
    fresh.replace(file)


def restore(file: Path, model: ImageModel, optimizer: torch.optim.Optimizer) -> dict[str, float]:
    if not file.exists():
        return {"epoch": 0, "step": 0, "seconds": 0}
    saved = torch.load(file, weights_only=True)
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    return saved["state"]


def mean_of(losses: list[float]) -> float:
    return round(float(np.mean(losses)), 4)


def log(folder: Path, event: dict) -> None:
    """A line to curves.jsonl and to standard output."""
    line = json.dumps(event)
    print(line, flush=True)
    with (folder / "curves.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    main()
