"""A residual network for 32x32 images, cut into five stages, with a ramp after each but the last.

Most of the depth that a ramp needs comes early and narrow (stages 0 and 1: a tenth of the products of the whole), most of
the width late: so an easy image can leave before the expensive part begins.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from products import Products

CLASSES = 10
RAMP_UNITS = 32
WIDE = 64  # channels from which on Products pays


class Convolution(nn.Module):
    """3x3, batch norm, and ReLU where it is asked for."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1, active: bool = True) -> None:
        super().__init__()
        self.kernel = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.active = active

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.multiply(x))
        return functional.relu(x, inplace=True) if self.active else x

    def multiply(self, x: Tensor) -> Tensor:
        if not self.training or self.kernel.in_channels < WIDE:
            return self.kernel(x)
        weight = self.kernel.weight
        if torch.is_autocast_enabled("cpu"):
            x, weight = x.bfloat16(), weight.bfloat16()
        return Products.apply(x, weight, self.kernel.stride[0])


class Residual(nn.Module):
    """relu(x + two convolutions of x)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Convolution(channels, channels)
        self.second = Convolution(channels, channels, active=False)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(self.first(x)))


class Ramp(nn.Module):
    """States [rows, places, channels] to logits: two pools, a narrow layer, the classes. As the text models' ramps, with one query."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.zeros(channels))
        self.middle = nn.Linear(2 * channels, RAMP_UNITS)
        self.out = nn.Linear(RAMP_UNITS, CLASSES)

    def forward(self, states: Tensor) -> Tensor:
        return self.classify(self.pool(states))

    def pool(self, states: Tensor) -> Tensor:
        weights = functional.softmax(states @ self.query, dim=1)
        return torch.cat([states.mean(dim=1), (weights[:, None] @ states)[:, 0]], dim=1)

    def classify(self, pooled: Tensor) -> Tensor:
        return self.out(functional.gelu(self.middle(pooled), approximate="tanh"))


class Head(nn.Module):
    """The mean state to logits."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.out = nn.Linear(channels, CLASSES)

    def forward(self, states: Tensor) -> Tensor:
        return self.out(states.mean(dim=1))


def make_stages() -> nn.ModuleList:
    return nn.ModuleList([
        nn.Sequential(Convolution(3, 16), Convolution(16, 32, stride=2), Convolution(32, 64, stride=2), Residual(64)),
        nn.Sequential(Residual(64)),
        nn.Sequential(Convolution(64, 128), Residual(128)),
        nn.Sequential(Residual(128), Residual(128)),
        nn.Sequential(Convolution(128, 256, stride=2), Residual(256), Residual(256)),
    ])  # fmt: skip


WIDTHS = (64, 64, 128, 128, 256)  # channels after each stage
SIDES = (8, 8, 8, 8, 4)  # their maps' height and width


class ImageModel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stages = make_stages()
        self.ramps = nn.ModuleList(Ramp(width) for width in WIDTHS[:-1])
        self.head = Head(WIDTHS[-1])

    def forward(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        """Normalised [rows, 3, 32, 32] to each ramp's logits and the head's."""
        early, x = [], images
        for index, stage in enumerate(self.stages):
            x = stage(x)
            states = x.flatten(2).transpose(1, 2)
            if index < len(self.ramps):
                early.append(self.ramps[index](states))
        return early, self.head(states)
