"""What an epoch of training holds: a part of the Quora pairs, and so many of each other source.

An epoch is short, so that a run can be stopped and its descent begun at many places. The Quora pairs are gone through in a
new order each time all have been seen, the other sources likewise. Each pair comes in either order at random. Where a
question is known to be asked in other words too, these may stand in for it: what is the same, or different, stays so.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from pair_rows import Pair, find_groups
from text import to_key

QUORA_PARTS = 4  # epochs until all of them have been seen
COUNTS = {"swaps": 3600, "intents": 2400, "stsb": 400}  # pairs an epoch
SAME_SWAPS = 0.4  # share of paraphrases among the swaps; the rest is spread evenly over the other kinds
OTHER_WORDS = 0.25  # chance that a question is put in other words that are known for it


class Mix:
    def __init__(self, sources: dict[str, list[Pair]], seed: int) -> None:
        self.seed = seed
        self.other_words = find_other_words(sources["qqp"])
        self.sources = sources
        self.swaps: dict[str, list[Pair]] = defaultdict(list)
        for pair in sources["swaps"]:
            self.swaps["paraphrase" if pair.label else pair.kind].append(pair)

    def texts(self) -> list[str]:
        return [text for pairs in self.sources.values() for pair in pairs for text in (pair.text_a, pair.text_b)]

    def draw(self, epoch: int) -> list[Pair]:
        """The epoch's pairs; the same for the same seed and epoch."""
        random = np.random.default_rng([self.seed, epoch])
        quora = self.sources["qqp"]
        drawn = [self.reword(pair, random) for pair in self.take("qqp", quora, epoch, len(quora) // QUORA_PARTS)]
        for name in ("intents", "stsb"):
            drawn += self.take(name, self.sources[name], epoch, COUNTS[name])
        for kind, pairs in sorted(self.swaps.items()):
            drawn += self.take(kind, pairs, epoch, self.count_of(kind))
        return [flip(pair) if random.random() < 0.5 else pair for pair in drawn]

    def count_of(self, kind: str) -> int:
        if kind == "paraphrase":
            return round(SAME_SWAPS * COUNTS["swaps"])
        return round((1 - SAME_SWAPS) * COUNTS["swaps"] / (len(self.swaps) - ("paraphrase" in self.swaps)))

    def take(self, name: str, pairs: Sequence[Pair], epoch: int, count: int) -> list[Pair]:
        """The epoch's stretch of an endless row of shuffled copies."""
        count = min(count, len(pairs))
        places = range(epoch * count, (epoch + 1) * count)
        orders = {copy: self.shuffle(name, len(pairs), copy) for copy in {place // len(pairs) for place in places}}
        return [pairs[orders[place // len(pairs)][place % len(pairs)]] for place in places]

    def shuffle(self, name: str, count: int, copy: int) -> np.ndarray:
        return np.random.default_rng([self.seed, copy, *name.encode()]).permutation(count)

    def reword(self, pair: Pair, random: np.random.Generator) -> Pair:
        first, second = (self.in_other_words(text, random) for text in (pair.text_a, pair.text_b))
        # Both might come to the same words.
        return pair if to_key(first) == to_key(second) else pair._replace(text_a=first, text_b=second)

    def in_other_words(self, text: str, random: np.random.Generator) -> str:
        known = self.other_words.get(to_key(text), [text])
        return known[random.integers(len(known))] if random.random() < OTHER_WORDS else text


def find_other_words(pairs: list[Pair]) -> dict[str, list[str]]:
    """For each question that has a duplicate, all that are joined with it by labels 1; one text for each key."""
    same = [pair for pair in pairs if pair.label]
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for pair, root in zip(same, find_groups([(to_key(p.text_a), to_key(p.text_b)) for p in same]), strict=True):
        groups[root] |= {to_key(text): text for text in (pair.text_a, pair.text_b)}
    return {key: list(texts.values()) for texts in groups.values() for key in texts}


def flip(pair: Pair) -> Pair:
    return pair._replace(text_a=pair.text_b, text_b=pair.text_a)
