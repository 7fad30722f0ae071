"""Writes test/golden/images.json: drawn images as files, what PIL makes of them, and what the built model says in Python.

    python models/recipes/cifar10/golden.py [--model models/cifar10]

The gateway's decoders, resizing and ramps are held to these numbers. No image of the training data is in it.
"""

import argparse
import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from reference import BuiltModel, read_image
from splits import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "cifar10")
    parser.add_argument("--out", type=Path, default=ROOT / "test" / "golden" / "images.json")
    options = parser.parse_args()
    model = BuiltModel(options.model)
    cases = [describe(name, file, model) for name, file in draw_files().items()]
    options.out.write_text(json.dumps(cases, indent=2) + "\n")


def describe(name: str, file: bytes, model: BuiltModel) -> dict:
    pixels = read_image(Image.open(io.BytesIO(file)))
    given = model.run(pixels)
    return {
        "name": name,
        "file": base64.b64encode(file).decode(),
        "pixels": base64.b64encode(np.round(pixels).astype(np.uint8).tobytes()).decode(),
        "labels": [int(found.argmax()) for found in given],
        "confidences": [round(float(found.max()), 5) for found in given],
    }


def draw_files() -> dict[str, bytes]:
    side = Image.Exif()
    side[0x0112] = 6
    clear = draw(60, 40, 4).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((60, 40)))
    wide = Image.fromarray((np.asarray(draw(40, 40, 8).convert("L")).astype(np.uint16) * 257))
    return {
        "jpeg": save(draw(32, 32, 1), "JPEG", quality=90),
        "jpeg, all colours": save(draw(32, 32, 2), "JPEG", quality=95, subsampling=0),
        "jpeg, progressive": save(draw(96, 64, 3), "JPEG", quality=80, progressive=True),
        "jpeg, grey": save(draw(50, 70, 5).convert("L"), "JPEG"),
        "jpeg, on its side": save(draw(90, 60, 6), "JPEG", exif=side),
        "jpeg, smaller than the model": save(draw(17, 9, 7), "JPEG", quality=95, subsampling=0),
        "png": save(draw(32, 32, 9), "PNG"),
        "png, transparent": save(clear, "PNG"),
        "png, palette": save(draw(64, 64, 10).quantize(16), "PNG"),
        "png, two colours": save(draw(64, 48, 11).convert("1"), "PNG"),
        "png, 16 bits": save(wide, "PNG"),
        "png, large": save(draw(300, 200, 12), "PNG"),
    }


def draw(width: int, height: int, seed: int) -> Image.Image:
    """A sky, a ground, and a few shapes."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), tuple(random.integers(120, 256, 3).tolist()))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height * 0.6, width, height), fill=tuple(random.integers(0, 160, 3).tolist()))
    for shape in (pen.ellipse, pen.rectangle, pen.ellipse):
        left, top = random.uniform(0, 0.6, 2) * (width, height)
        box = (left, top, left + random.uniform(0.2, 0.4) * width, top + random.uniform(0.2, 0.4) * height)
        shape(box, fill=tuple(random.integers(0, 256, 3).tolist()))
    return image


def save(image: Image.Image, kind: str, **settings: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


if __name__ == "__main__":
    main()
