"""Lists the pairs of intents that a run was trained on, as JSON Lines of two texts, either order.

    python models/recipes/verifier/seen.py --epochs 12 --swaps FILE > seen.jsonl

A run does not keep what it drew; the draw follows from seed and epoch. `--seed` and `--swaps` are the run's. What else is
fitted on streams of those texts (test/bench/cache-quality/fit-head.ts) leaves these pairs out.
"""

import argparse
import json
from pathlib import Path

from checkpoint import CACHE
from mix import COUNTS, Mix
from sources import read_sources
from text import DATA


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--swaps", type=Path, help="JSON Lines of swaps; else they are generated")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    sources = read_sources(options.data, options.cache, options.seed, options.swaps)
    mix = Mix(sources, options.seed)
    for epoch in range(options.epochs):
        for pair in mix.take("intents", sources["intents"], epoch, COUNTS["intents"]):
            print(json.dumps([pair.text_a, pair.text_b]))


if __name__ == "__main__":
    main()
