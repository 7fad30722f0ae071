"""Fits each ramp on the quantised stages' own states towards the quantised model's own final answer.

Starts from the jointly trained ramps. No label is used: what a ramp is for is to say early what the full model would say
in the end. Rows are train rows as training varied them, one view each: of the plain ones the model is surer than of new ones.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from data import Part
from export import open_session, to_state
from graph import INPUT, OUTPUT
from model import ImageModel, Ramp
from train import vary

EPOCHS = 6
RATE = 1e-3
DECAY = 0.01
DROPOUT = 0.1
BATCH = 256
ROWS = 20_000  # of the train part: a ramp has some thousand weights


def fit_ramps(model: ImageModel, folder: Path, train: Part, seed: int) -> list[Ramp]:
    """The ramps after all stages but the last, refitted; `folder` holds the quantised stages."""
    torch.manual_seed(seed)
    states = run_stages(folder, len(model.stages), views(train, seed))
    with torch.inference_mode():
        answers = model.head(torch.from_numpy(states[-1]).float()).clone()
    return [fit_ramp(ramp, torch.from_numpy(seen), answers, seed) for ramp, seen in zip(model.ramps, states, strict=False)]


def views(train: Part, seed: int) -> np.ndarray:
    """One varied view of each row, without the blank square: normalised [rows, 32, 32, 3]."""
    random = np.random.default_rng([seed, 10**6])
    rows = min(ROWS, len(train))
    chunks = [vary(train.pixels[at : min(at + 1000, rows)], random, with_holes=False) for at in range(0, rows, 1000)]
    return torch.cat(chunks).permute(0, 2, 3, 1).contiguous().numpy()


def run_stages(folder: Path, stages: int, images: np.ndarray) -> list[np.ndarray]:
    """By stage: float16 [rows, places, channels], row by row as in the gateway, on ONNX Runtime's native kernels."""
    sessions = [open_session(folder / f"stage-{stage}.onnx") for stage in range(stages)]
    shapes = [session.get_outputs()[0].shape for session in sessions]
    states = [np.empty((len(images), *shape[1:]), dtype=np.float16) for shape in shapes]

    def run(row: int) -> None:
        state = to_state(images[row])
        for session, kept in zip(sessions, states, strict=True):
            state = session.run([OUTPUT], {INPUT: state})[0]
            kept[row] = state[0]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(len(images))))
    return states


def fit_ramp(ramp: Ramp, states: Tensor, answers: Tensor, seed: int) -> Ramp:
    """Half the loss is cross-entropy with the final distribution, half with the final answer."""
    optimizer = torch.optim.AdamW(ramp.parameters(), lr=RATE, weight_decay=DECAY)
    random = np.random.default_rng(seed)
    soft, hard = functional.softmax(answers, dim=1), answers.argmax(dim=1)
    per_epoch = len(states) // BATCH
    for epoch in range(EPOCHS):
        order = torch.from_numpy(random.permutation(len(states)))
        for step in range(per_epoch):
            rows = order[step * BATCH : (step + 1) * BATCH]
            pooled = functional.dropout(ramp.pool(states[rows].float()), DROPOUT)
            logits = ramp.classify(pooled)
            loss = functional.cross_entropy(logits, soft[rows]) + functional.cross_entropy(logits, hard[rows])
            optimizer.zero_grad(set_to_none=True)
            (0.5 * loss).backward()
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - (epoch * per_epoch + step) / (EPOCHS * per_epoch))
            optimizer.step()
    return ramp
