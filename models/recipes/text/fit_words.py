"""Fits the ramp before the first block, on the words' rows of the table alone, towards the quantised model's own final answer.

What it sees is frozen, so it takes no part in the joint training. It knows which words there are and not their order: enough for
many a text with a class of its own words, and it costs no block.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from data import Task, make_batches
from export import read_table
from minilm import HIDDEN
from model import Ramp

EPOCHS = 20
RATE = 2e-3
QUERY_RATE = 2e-2
DECAY = 0.02
DROPOUT = 0.3
TOKENS = 4096
EVERY_LENGTH = 10**6
SCALE = 10.0  # the table's values are about .05: too small for weights as they are drawn


def fit_word_ramp(task: Task, answers: Tensor, seed: int) -> Ramp:
    """`answers`: the quantised model's logits of the train rows. Half the loss is towards its distribution, half its answer."""
    torch.manual_seed(seed)
    table = torch.from_numpy(read_table()) * SCALE
    ramp = Ramp(answers.shape[1])
    torch.nn.init.normal_(ramp.query, std=HIDDEN**-0.5)
    rest = [parameter for parameter in ramp.parameters() if parameter is not ramp.query]
    optimizer = torch.optim.AdamW([{"params": [ramp.query], "lr": QUERY_RATE}, {"params": rest, "lr": RATE}], weight_decay=DECAY)
    soft, hard = functional.softmax(answers, dim=1), answers.argmax(dim=1)
    random = np.random.default_rng(seed)
    per_epoch = len(make_batches(task.name, task.parts["train"], TOKENS, longest=EVERY_LENGTH))
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, EPOCHS * per_epoch)
    for _ in range(EPOCHS):
        batches = make_batches(task.name, task.parts["train"], TOKENS, random, longest=EVERY_LENGTH)
        for index in random.permutation(per_epoch):
            batch = batches[index]
            pooled = ramp.pool(functional.embedding(torch.from_numpy(batch.ids), table))
            logits = ramp.classify(functional.dropout(pooled, DROPOUT))
            loss = functional.cross_entropy(logits, soft[batch.rows]) + functional.cross_entropy(logits, hard[batch.rows])
            optimizer.zero_grad(set_to_none=True)
            (loss * 0.5 * min(1.0, batch.ids.size / TOKENS)).backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        ramp.query *= SCALE
        ramp.middle.weight *= SCALE
    return ramp
