"""Pairs as token ids: `[CLS] a [SEP] b [SEP]`."""

from collections.abc import Sequence

import numpy as np

from pair_rows import Pair
from text import MAX_TOKENS, Part, Task, read_tokenizer

CLS, SEP = 101, 102
LABELS = ("different", "same")


class Words:
    """Each text's ids, without special tokens; every text is read once."""

    def __init__(self, texts: Sequence[str]) -> None:
        unique = list(dict.fromkeys(texts))
        encoded = read_tokenizer().encode_batch(unique, add_special_tokens=False)
        self.ids = {text: encoding.ids for text, encoding in zip(unique, encoded, strict=True)}

    def join(self, first: str, second: str) -> list[int]:
        return [CLS, *self.ids[first], SEP, *self.ids[second], SEP]


def to_part(pairs: Sequence[Pair], most: int = MAX_TOKENS, words: Words | None = None) -> Part:
    """In the pairs' order; those of more than so many tokens are left out, as the gateway refuses them."""
    words = words or Words([text for pair in pairs for text in (pair.text_a, pair.text_b)])
    joined = [(words.join(pair.text_a, pair.text_b), pair) for pair in pairs]
    kept = [(ids, pair) for ids, pair in joined if len(ids) <= most]
    labels = np.array([pair.label for _, pair in kept], dtype=np.int64)
    return Part([ids for ids, _ in kept], labels, [f"{pair.text_a}\n{pair.text_b}" for _, pair in kept])


def to_task(parts: dict[str, list[Pair]]) -> Task:
    return Task("same", LABELS, {name: to_part(pairs) for name, pairs in parts.items()})
