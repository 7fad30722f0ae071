"""Writes test/golden/pairs.json: pairs with their token ids, and what the built files say of them in native kernels.

    python models/recipes/verifier/golden.py [--model models/verifier] [--out FILE]

The ids are Hugging Face's own of a pair, so the gateway's way of joining two texts is held to them.
"""

import argparse
import json
from pathlib import Path

from evaluate import built_score
from pair_ids import to_part
from pair_rows import Pair
from text import ROOT, read_tokenizer

PAIRS = (
    ("How do I learn French quickly?", "What is the fastest way to learn French?"),
    ("How can I reset my password?", "What do I do if I forgot my password?"),
    ("What is the capital of France?", "Which city is the capital of France?"),
    ("How do I convert EUR to USD?", "How do I convert USD to EUR?"),
    ("Is it safe to eat raw eggs?", "Is it unsafe to eat raw eggs?"),
    ("Set an alarm for 6 am", "Set an alarm for 7 am"),
    ("What is the capital of France?", "How do I bake sourdough bread?"),
    ("Wie hoch ist der Eiffelturm?", "How tall is the Eiffel Tower?"),
    ("naïve café 日本語", "naive cafe 日本語"),
    ("a", "?"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "verifier")
    parser.add_argument("--out", type=Path, default=ROOT / "test" / "golden" / "pairs.json")
    options = parser.parse_args()
    encoded = read_tokenizer().encode_batch(list(PAIRS))
    pairs = [Pair(first, second, 0, "golden") for first, second in PAIRS]
    assert to_part(pairs).ids == [encoding.ids for encoding in encoded]
    logits = built_score(options.model)(pairs)
    rows = [
        {"first": first, "second": second, "ids": encoding.ids, "from": encoding.type_ids.index(1), "logit": round(float(logit), 4)}
        for (first, second), encoding, logit in zip(PAIRS, encoded, logits, strict=True)
    ]
    options.out.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
