"""Which images train, tune, calibrate and report: fixed by the SHA-256 of each file's bytes.

The digests of all files, as hex, are sorted; the first 5,000 are dev, the next 3,000 calibrate, the next 1,200 tune, the
rest train. Names and order play no part, so any program that reads the archive finds the same parts.

train      fits the trunk, the head and the ramps.
tune       puts the threshold settings in order, from strict to loose (thresholds.py).
calibrate  certifies one of them. Nothing else looks at these images, so the risk bound holds.
dev        is where results are reported. No choice is made on it by any program.
"""

import hashlib
import tarfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
ARCHIVE = ROOT.parent / "shared" / "data" / "images" / "cifar10-train.tar.gz"
SIZES = {"dev": 5000, "calibrate": 3000, "tune": 1200}


class Row(NamedTuple):
    label: str
    file: bytes


def read_splits(archive: Path = ARCHIVE) -> dict[str, list[Row]]:
    """The images of each part, in the order of their digests."""
    rows = read_rows(archive)
    rows.sort(key=lambda row: hashlib.sha256(row.file).hexdigest())
    parts, start = {}, 0
    for part, size in SIZES.items():
        parts[part] = rows[start : start + size]
        start += size
    return {**parts, "train": rows[start:]}


def read_rows(source: Path) -> list[Row]:
    """Of a tar of CLASS/NAME.jpg, or of such a folder."""
    if source.is_dir():
        return [Row(file.parent.name, file.read_bytes()) for file in sorted(source.glob("**/*.jpg"))]
    if not source.is_file():
        raise SystemExit(f"no data: {source} does not exist; name another place with --data")
    with tarfile.open(source) as tar:
        return [Row(Path(entry.name).parent.name, tar.extractfile(entry).read()) for entry in tar if entry.name.endswith(".jpg")]
