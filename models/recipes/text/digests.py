"""What a manifest says of files and thresholds, the same for every recipe: bytes and digests, the version they make."""

import hashlib
from pathlib import Path


def describe(file: Path) -> dict:
    data = file.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def version_of(files: dict[str, dict]) -> str:
    """Of the files' names and digests: 12 hex digits."""
    return hashlib.sha256("\n".join(f"{name} {files[name]['sha256']}" for name in sorted(files)).encode()).hexdigest()[:12]


def to_json(thresholds: list[float]) -> list[float | None]:
    """A ramp that is off is null."""
    return [threshold if threshold <= 1 else None for threshold in thresholds]
