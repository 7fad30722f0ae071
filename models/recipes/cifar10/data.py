"""The parts as pixels: decoded once, and kept under the cache folder."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from splits import ARCHIVE, Row, read_splits

CACHE = Path.home() / ".cache" / "perigee" / "cifar10"
SIDE = 32
LABELS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# Of the channels of the train part, on the scale 0 to 255, rounded: fixed, so that a build cannot shift them.
MEAN = (125.3, 123.0, 113.9)
SPREAD = (63.0, 62.1, 66.7)


@dataclass(frozen=True)
class Part:
    """pixels uint8 [rows, 32, 32, 3], labels int64 [rows]."""

    pixels: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def read_parts(archive: Path = ARCHIVE, limit: int | None = None, cache: Path = CACHE) -> dict[str, Part]:
    """`limit` keeps the first rows of each part, for smoke runs."""
    file = cache / "pixels.npz"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        arrays = {}
        for name, rows in read_splits(archive).items():
            part = decode_all(rows)
            arrays |= {f"{name}_pixels": part.pixels, f"{name}_labels": part.labels}
        np.savez(file, **arrays)
    with np.load(file) as arrays:
        names = ("train", "tune", "calibrate", "dev")
        return {name: Part(arrays[f"{name}_pixels"][:limit], arrays[f"{name}_labels"][:limit]) for name in names}


def decode_all(rows: list[Row]) -> Part:
    pixels = np.stack([decode(row.file) for row in rows])
    return Part(pixels, np.array([LABELS.index(row.label) for row in rows], dtype=np.int64))


def decode(file: bytes) -> np.ndarray:
    """uint8 [32, 32, 3]."""
    image = Image.open(io.BytesIO(file))
    if image.size != (SIDE, SIDE):
        raise SystemExit(f"an image of {image.size}: expected {(SIDE, SIDE)}")
    return np.asarray(image.convert("RGB"))


def normalise(pixels: np.ndarray) -> np.ndarray:
    """float32 of the same shape, channels last."""
    return (pixels.astype(np.float32) - np.float32(MEAN)) / np.float32(SPREAD)
