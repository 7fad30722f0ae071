"""Spearman's correlation of the fp32 reference's cosines with the gold scores of an STS-B file.

    python models/recipes/minilm/evaluate.py [--eval FILE] [--json FILE] [--data DIR]

FILE is gzip'd JSON Lines with score, text_a and text_b; without --eval it is stsb/dev.jsonl.gz under --data. Needs
requirements-eval.txt only, no torch. The same numbers go to standard output and, with --json, to a file.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import reference
from stsb import read_pairs, spearman
from weights import read_tokenizer, read_weights, to_ids

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = json.dumps(evaluate(options.eval or options.data / "stsb" / "dev.jsonl.gz"))
    print(result)
    if options.json:
        options.json.write_text(result + "\n", encoding="utf-8")


def evaluate(file: Path) -> dict[str, float]:
    scores, left, right = read_pairs(file)
    vectors = reference.embed(read_weights(), to_ids(read_tokenizer(), left + right))
    cosines = (vectors[: len(left)] * vectors[len(left) :]).sum(axis=1)
    return {"pairs": len(scores), "spearman_fp32": round(spearman(cosines, np.array(scores)), 6)}


if __name__ == "__main__":
    main()
