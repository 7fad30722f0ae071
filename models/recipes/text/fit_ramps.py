"""Fits a task's ramps on the quantised trunk's hidden states towards the quantised model's own final answer.

No label is used: what a ramp is for is to say early what the full model would say in the end. The ramps that took part in
training are dropped; these have more queries and units than the trunk needed to be shaped. The first lies before the first block:
it knows which words there are and not their order, which is enough for many a text with a class of its own words, and costs no block.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from data import Part, make_batches
from minilm import BLOCKS
from model import SMALL, Head, Ramp
from states import States

QUERIES = 4
UNITS = (32, 64)  # of the middle layer: up to SMALL classes, and beyond
EPOCHS = 6
RATE = 2e-3
QUERY_RATE = 1e-2
DECAY = 0.02
DROPOUT = 0.1
TOKENS = 3072
EVERY_LENGTH = 10**6
WORD_SCALE = 10.0  # the table's values are about .05: too small for weights as they are drawn


def fit_ramps(head: Head, states: States, seed: int) -> list[Ramp]:
    """The ramps after 0 to 5 blocks; `states` are those of train rows and unlabelled ones."""
    answers = final_logits(head, states)
    return [fit_ramp(states, blocks, answers, seed) for blocks in range(BLOCKS)]


def fit_ramp(states: States, blocks: int, answers: Tensor, seed: int) -> Ramp:
    """Half the loss is cross-entropy with the final distribution, half with the final answer."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    scale = 1.0 if blocks else WORD_SCALE
    ramp = make_ramp(answers.shape[1])
    torch.nn.init.normal_(ramp.query, std=0.02)
    rest = [parameter for parameter in ramp.parameters() if parameter is not ramp.query]
    optimizer = torch.optim.AdamW([{"params": [ramp.query], "lr": QUERY_RATE}, {"params": rest, "lr": RATE}], weight_decay=DECAY)
    soft, hard = functional.softmax(answers, dim=1), answers.argmax(dim=1)
    rows = Part(states.ids, hard.numpy(), [])
    per_epoch = len(make_batches("", rows, TOKENS, longest=EVERY_LENGTH))
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, EPOCHS * per_epoch)
    for _ in range(EPOCHS):
        batches = make_batches("", rows, TOKENS, random, longest=EVERY_LENGTH)
        for index in random.permutation(per_epoch):
            batch = batches[index]
            pooled = ramp.pool(states.gather(blocks, batch.rows, batch.ids.shape[1]) * scale)
            logits = ramp.classify(functional.dropout(pooled, DROPOUT))
            loss = functional.cross_entropy(logits, soft[batch.rows]) + functional.cross_entropy(logits, hard[batch.rows])
            optimizer.zero_grad(set_to_none=True)
            (loss * 0.5 * min(1.0, batch.ids.size / TOKENS)).backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        ramp.query *= scale
        ramp.middle.weight *= scale
    return ramp


def make_ramp(classes: int) -> Ramp:
    return Ramp(classes, QUERIES, UNITS[classes > SMALL])


@torch.inference_mode()
def final_logits(head: Head, states: States) -> Tensor:
    """float32 [rows, classes] of the quantised model."""
    return head.out(torch.from_numpy(states.pooled)).clone()
