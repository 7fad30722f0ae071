"""The built model in numpy and ONNX Runtime's native kernels: what the gateway's own code is held to."""

import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from data import normalise
from export import open_session, to_state


class BuiltModel:
    """models/cifar10, from its files alone."""

    def __init__(self, folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.task = manifest["tasks"]["cifar10"]
        self.stages = [(open_session(folder / stage["file"]), stage["input"]) for stage in manifest["stages"]]
        self.ramps, self.head = read_classifiers(folder / self.task["classifiers"], manifest)

    def run(self, image: np.ndarray) -> list[np.ndarray]:
        """Of 0 to 255 [32, 32, 3]: probabilities by each ramp and, last, by the head."""
        state, given = to_state(normalise(image)), []
        for index, (session, name) in enumerate(self.stages):
            state = session.run(None, {name: state})[0]
            if index < len(self.ramps):
                given.append(softmax(apply_ramp(self.ramps[index], state[0])))
        weight, bias = self.head
        return [*given, softmax(weight @ state[0].mean(axis=0) + bias)]


def read_classifiers(file: Path, manifest: dict) -> tuple[list[list[np.ndarray]], tuple[np.ndarray, np.ndarray]]:
    """The layout that manifest.py writes: five arrays a ramp, then the head's two."""
    values = np.fromfile(file, dtype="<f4")
    (task,) = manifest["tasks"].values()
    classes, units = len(task["labels"]), task["rampUnits"]
    widths = [stage["width"] for stage in manifest["stages"]]
    at = 0

    def take(*shape: int) -> np.ndarray:
        nonlocal at
        at += int(np.prod(shape))
        return values[at - int(np.prod(shape)) : at].reshape(shape)

    ramps = [[take(w), take(units, 2 * w), take(units), take(classes, units), take(classes)] for w in widths[:-1]]
    return ramps, (take(classes, widths[-1]), take(classes))


def apply_ramp(ramp: list[np.ndarray], states: np.ndarray) -> np.ndarray:
    query, middle, middle_bias, out, out_bias = ramp
    pooled = np.concatenate([states.mean(axis=0), softmax(states @ query) @ states])
    x = middle @ pooled + middle_bias
    active = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return out @ active + out_bias


def softmax(logits: np.ndarray) -> np.ndarray:
    spread = np.exp(logits.astype(np.float64) - logits.max())
    return spread / spread.sum()


def read_image(image: Image.Image, side: int = 32) -> np.ndarray:
    """Upright, on white, the whole image stretched to side x side by area means: 0 to 255, not rounded."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "I;16":
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    pixels = np.asarray(upright.convert("RGBA"), dtype=np.float64)
    alpha = pixels[..., 3:] / 255
    colours = alpha * pixels[..., :3] + 255 * (1 - alpha)
    down, across = means(colours.shape[0], side), means(colours.shape[1], side)
    return np.einsum("yr,rcd,xc->yxd", down, colours, across)


def means(size: int, to: int) -> np.ndarray:
    """[to, size]: how much of each old pixel a new one covers; rows add up to 1."""
    edges = np.arange(to + 1) * size / to
    starts = np.maximum(edges[:-1, None], np.arange(size))
    ends = np.minimum(edges[1:, None], np.arange(size) + 1)
    return np.maximum(ends - starts, 0) * to / size
