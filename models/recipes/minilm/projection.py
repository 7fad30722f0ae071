"""Fits the projection that the cache's index keeps vectors in: 256 of the 384 dimensions, turned at random.

    python models/recipes/minilm/projection.py [--out models/minilm] [--data ../shared/data] [--texts 3000]

The dimensions are the principal ones of the fp32 reference's embeddings of questions of qqp/train, not centred, since dot
products are to be kept. A random rotation then spreads what they carry evenly, so that one scale fits all values of a vector
and each sign tells about as much. Writes projection.bin (float32 [256, 384], little endian) and names it in the manifest,
whose version stays: the model's own vectors are the same. Needs requirements-eval.txt only, no torch.
"""

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

import reference
from manifest import PROJECTION, describe
from weights import HIDDEN, read_tokenizer, read_weights, to_ids

ROOT = Path(__file__).resolve().parents[3]
SEED = 1
DIMENSIONS = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "minilm")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--texts", type=int, default=3000)
    options = parser.parse_args()
    vectors = reference.embed(read_weights(), to_ids(read_tokenizer(), read_texts(options.data, options.texts)))
    rows, kept = fit(vectors.astype(np.float64))
    (options.out / PROJECTION).write_bytes(rows.astype("<f4").tobytes())
    name_in_manifest(options.out)
    print(json.dumps({"texts": len(vectors), "dimensions": DIMENSIONS, "kept": round(kept, 4)}))


def read_texts(data: Path, most: int) -> list[str]:
    file = data / "qqp" / "train.jsonl.gz"
    if not file.is_file():
        raise SystemExit(f"no data: {file} does not exist; name another place with --data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        texts = dict.fromkeys(json.loads(line)["text_a"] for line in lines)
    return list(texts)[:most]


def fit(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """The rows of the projection, and the share of the vectors' squared length that it keeps."""
    values, axes = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    principal = axes[:, ::-1][:, :DIMENSIONS].T
    turned, upper = np.linalg.qr(np.random.default_rng(SEED).normal(size=(DIMENSIONS, DIMENSIONS)))
    rotation = turned * np.sign(np.diag(upper))
    return rotation @ principal, float(values[::-1][:DIMENSIONS].sum() / values.sum())


def name_in_manifest(out: Path) -> None:
    file = out / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    assert manifest["output"]["dimensions"] == HIDDEN
    manifest["projection"] = {"file": PROJECTION, "dimensions": DIMENSIONS}
    manifest["files"][PROJECTION] = describe(out / PROJECTION)
    file.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
