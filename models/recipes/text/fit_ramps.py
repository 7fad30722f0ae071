"""Fits each ramp on the quantised trunk's hidden states towards the quantised model's own final answer.

Starts from the jointly trained ramps. Only train rows are used, and no label: what a ramp is for is to say early what the
full model would say in the end.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from data import Task, make_batches
from fit_words import fit_word_ramp
from minilm import BLOCKS
from model import Head, Ramp, TextModel
from states import States

EPOCHS = 8
RATE = 2e-3
DECAY = 0.01
DROPOUT = 0.1
TOKENS = 3072
EVERY_LENGTH = 10**6


def fit_ramps(model: TextModel, task: Task, states: States, seed: int) -> list[Ramp]:
    """The ramp on the words, then those after blocks 1 to 5, refitted; `states` are those of the train rows."""
    torch.manual_seed(seed)
    answers = final_logits(model.heads[task.name], states)
    later = [fit_ramp(model.ramps[task.name][block], task, states, block, answers) for block in range(BLOCKS - 1)]
    return [fit_word_ramp(task, answers, seed), *later]


def fit_ramp(ramp: Ramp, task: Task, states: States, block: int, answers: Tensor) -> Ramp:
    """Half the loss is cross-entropy with the final distribution, half with the final answer."""
    optimizer = torch.optim.AdamW(ramp.parameters(), lr=RATE, weight_decay=DECAY)
    random = np.random.default_rng(block)
    soft, hard = functional.softmax(answers, dim=1), answers.argmax(dim=1)
    steps = EPOCHS * len(make_batches(task.name, task.parts["train"], TOKENS, longest=EVERY_LENGTH))
    step = 0
    for _ in range(EPOCHS):
        batches = make_batches(task.name, task.parts["train"], TOKENS, random, longest=EVERY_LENGTH)
        for index in random.permutation(len(batches)):
            batch = batches[index]
            pooled = ramp.pool(states.gather(block, batch.rows, batch.ids.shape[1]))
            logits = ramp.classify(functional.dropout(pooled, DROPOUT))
            loss = functional.cross_entropy(logits, soft[batch.rows]) + functional.cross_entropy(logits, hard[batch.rows])
            optimizer.zero_grad(set_to_none=True)
            (loss * 0.5 * min(1.0, batch.ids.size / TOKENS)).backward()
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - step / steps)
            optimizer.step()
            step += 1
    return ramp


@torch.inference_mode()
def final_logits(head: Head, states: States) -> Tensor:
    """float32 [rows, classes] of the quantised model."""
    return head.out(torch.from_numpy(states.pooled)).clone()

