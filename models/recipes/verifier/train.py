"""Trains the verifier: whether two questions ask the same, with ramps after each block. Writes checkpoints and curves.

    python models/recipes/verifier/train.py [--name joint] [--epochs N] [--descent N] [--swaps FILE]

Deep supervision as the text model's, with small weights on the early ramps: the last answer counts most. Seeded; a run
that was stopped resumes after its last epoch, also with another number of epochs.
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

from text import (
    DATA, Batch, Part, batch_weight, log, make_batches, make_optimizer, rate_at, read_weights, restore, save, set_rates,
    supervised_loss,
)  # fmt: skip

from checkpoint import CACHE
from mix import Mix
from pair_ids import Words, to_part
from pair_model import TASK, PairModel
from pair_rows import read_pair_parts
from scores import average_precision
from sources import read_sources

RAMP_WEIGHTS = (0.1, 0.15, 0.2, 0.2, 0.2)  # blocks 1 to 5
TRAIN_TOKENS = 96  # longer pairs are left out
CURVE_ROWS = 2000  # of dev, for the curves


@dataclass(frozen=True)
class Settings:
    """Epochs are short: a quarter of the Quora pairs (mix.py). The schedule of the rates is text's loop.py's."""

    seed: int
    epochs: float
    descent: float
    batch_tokens: int = 1536
    trunk_rate: float = 7e-5
    head_rate: float = 1e-3
    decay: float = 0.01
    dropout: float = 0.1
    warm_up: int = 150  # steps


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    folder = options.cache / options.name
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(options.seed, options.epochs, options.descent)
    sources = read_sources(options.data, options.cache, options.seed, options.swaps)
    if options.limit:
        sources = {name: pairs[: options.limit] for name, pairs in sources.items()}
    log(folder, {"event": "sources", **{name: len(pairs) for name, pairs in sources.items()}})
    train(settings, Mix(sources, options.seed), to_part(read_pair_parts(options.data)["dev"][:CURVE_ROWS]), folder)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="joint", help="folder of the run under --cache")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=float, default=12)
    parser.add_argument("--descent", type=float, default=9, help="epochs over which the rates fall to zero")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="rows of each source, for a smoke run")
    parser.add_argument("--swaps", type=Path, help="JSON Lines of swaps; else they are generated")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    return parser.parse_args()


def train(settings: Settings, mix: Mix, dev: Part, folder: Path) -> None:
    torch.manual_seed(settings.seed)
    model = PairModel(read_weights(), settings.dropout)
    optimizer = make_optimizer(model.trunk, [*model.heads.parameters(), *model.ramps.parameters()], settings)
    state = restore(folder / "last.pt", model, optimizer)
    (folder / "settings.json").write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
    log(folder, {"event": "start", **asdict(settings), **state})
    words = Words(mix.texts())
    while state["epoch"] < settings.epochs:
        run_epoch(settings, mix, words, model, optimizer, state, folder)
        save(folder / "last.pt", model, optimizer, state)
        log(folder, {"event": "epoch", **state, "dev": curve_of(model, dev)})
    log(folder, {"event": "end", **state})


def run_epoch(
    settings: Settings, mix: Mix, words: Words, model: PairModel, optimizer: torch.optim.Optimizer, state: dict[str, float],
    folder: Path,
) -> None:  # fmt: skip
    """Advances state's epoch, step and seconds. The rates follow the place within the epoch: epochs differ by some batches."""
    model.train()
    epoch = int(state["epoch"])
    torch.manual_seed(settings.seed * 1000 + epoch)
    batches = make_epoch(settings, mix, words, epoch)
    losses: list[float] = []
    started = time.monotonic()
    for at, batch in enumerate(batches):
        set_rates(optimizer, rate_at(settings, epoch * len(batches) + at, len(batches)))
        loss = find_loss(model, batch)
        optimizer.zero_grad(set_to_none=True)
        (loss * batch_weight(batch, settings)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        state["step"] += 1
        if state["step"] % 50 == 0:
            seconds = round(state["seconds"] + time.monotonic() - started)
            where = {"epoch": round(epoch + at / len(batches), 2), "step": state["step"], "seconds": seconds}
            log(folder, {"event": "step", **where, "loss": round(float(np.mean(losses[-50:])), 4)})
    state["epoch"] += 1
    state["seconds"] = round(state["seconds"] + time.monotonic() - started)


def make_epoch(settings: Settings, mix: Mix, words: Words, epoch: int) -> list[Batch]:
    random = np.random.default_rng([settings.seed, epoch])
    part = to_part(mix.draw(epoch), TRAIN_TOKENS, words)
    batches = make_batches(TASK, part, settings.batch_tokens, random, TRAIN_TOKENS)
    return [batches[index] for index in random.permutation(len(batches))]


def find_loss(model: PairModel, batch: Batch) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        ramps, final = model(TASK, torch.from_numpy(batch.ids))
    return supervised_loss(ramps, final, torch.from_numpy(batch.labels), RAMP_WEIGHTS)


@torch.inference_mode()
def curve_of(model: PairModel, part: Part) -> list[float]:
    """Average precision of each ramp and, last, of the head, in bfloat16 as in training: for the curves only."""
    model.eval()
    scores = np.empty((len(model.ramps[TASK]) + 1, len(part)))
    for batch in make_batches(TASK, part, 4096, longest=10**6):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            ramps, final = model(TASK, torch.from_numpy(batch.ids))
        for place, logits in enumerate([*ramps, final]):
            scores[place, batch.rows] = (logits[:, 1] - logits[:, 0]).float().numpy()
    return [round(average_precision(row, part.labels), 4) for row in scores]


if __name__ == "__main__":
    main()
