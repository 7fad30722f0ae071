"""Deep supervision: the head's cross-entropy with the label plus each ramp's loss, by its weight.

A ramp's own loss is half cross-entropy with the label and half distance to the head's answer (self-distillation, Zhang
et al. 2019).
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

TEMPERATURE = 2.0  # of the distillation


def supervised_loss(
    ramps: Sequence[Tensor], final: Tensor, labels: Tensor, weights: Sequence[float], smoothing: float = 0.0
) -> Tensor:
    """`ramps` and `final`: logits [rows, classes]; `weights`: one a ramp, in order; `smoothing` of the head's labels."""
    final = final.float()
    loss = functional.cross_entropy(final, labels, label_smoothing=smoothing)
    teacher = functional.softmax(final.detach() / TEMPERATURE, dim=1)
    for weight, logits in zip(weights, ramps, strict=False):
        logits = logits.float()
        student = functional.log_softmax(logits / TEMPERATURE, dim=1)
        distance = functional.kl_div(student, teacher, reduction="batchmean") * TEMPERATURE**2
        loss = loss + weight * 0.5 * (functional.cross_entropy(logits, labels) + distance)
    return loss
