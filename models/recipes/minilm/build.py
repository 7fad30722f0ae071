"""Builds the model `minilm`: an int8 word table, int8 encoder stages, the tokenizer and the manifest.

    python models/recipes/minilm/build.py [--stages 3] [--out models/minilm] [--data ../shared/data]

The same inputs give the same bytes. STS-B dev is read to measure accuracy; without it nothing is built.
"""

import argparse
import json
from pathlib import Path

from graph import build_stage
from manifest import write_manifest
from measure import Int8Model, measure_accuracy, measure_latency
from quantise import quantise_rows
from smooth import find_factors
from weights import BLOCKS, Weights, model_directory, read_weights

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    options = read_options()
    pairs = options.data / "stsb" / "dev.jsonl.gz"
    if not pairs.is_file():
        raise SystemExit(f"no data: {pairs} does not exist; name another place with --data")
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    weights = read_weights()
    write_table(out, weights)
    cuts = write_stages(out, weights, options.stages)
    write_tokenizer(out)
    model = Int8Model(out, options.stages)
    manifest = write_manifest(out, cuts, measure_accuracy(model, weights, pairs))
    print(json.dumps({"version": manifest["version"], **manifest["accuracy"]}, indent=2))
    for tokens in (16, 128):
        print(f"{tokens} tokens: {measure_latency(model, tokens):.2f} ms native, one thread")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stages", type=int, default=3, choices=(1, 2, 3, 6))
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "minilm")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    return parser.parse_args()


def write_table(out: Path, weights: Weights) -> None:
    values, scales = quantise_rows(weights.word)
    (out / "embedding.i8.bin").write_bytes(values.tobytes())
    (out / "embedding.scales.bin").write_bytes(scales.astype("<f4").tobytes())


def write_stages(out: Path, weights: Weights, stages: int) -> list[int]:
    """Cuts the encoder into equal stages; answers the number of blocks of each."""
    for stale in out.glob("stage-*.onnx"):
        stale.unlink()
    blocks = BLOCKS // stages
    factors = find_factors(weights)
    for stage in range(stages):
        (out / f"stage-{stage}.onnx").write_bytes(build_stage(weights, factors, stage * blocks, blocks))
    return [blocks] * stages


def write_tokenizer(out: Path) -> None:
    """The package's two files as compact JSON, without padding and truncation."""
    source = model_directory()
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer |= {"truncation": None, "padding": None}
    config = json.loads((source / "tokenizer_config.json").read_text(encoding="utf-8"))
    for name, value in (("tokenizer.json", tokenizer), ("tokenizer_config.json", config)):
        compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        (out / name).write_text(compact + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
