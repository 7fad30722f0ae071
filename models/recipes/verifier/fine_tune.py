"""Goes on training the verifier on a namespace's own labels, as `GET /v1/cache/labels` gives them.

    python models/recipes/verifier/fine_tune.py LABELS.jsonl --name joint --into shop [--epochs 2]

A quarter of the labels, whole groups of questions that hang together, is held back. The new run is kept only where it is better on these, by
a paired bootstrap; what it has become on qqp/dev is told too. Then `build.py --name shop --out DIR` makes the files.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from text import DATA, log, make_batches, make_optimizer, save, to_key

from checkpoint import CACHE, read_model
from mix import Mix, flip
from pair_ids import Words, to_part
from pair_model import TASK, PairModel
from pair_rows import Pair, find_groups, part_draw, read_pair_parts
from scores import average_precision
from sources import read_sources
from train import TRAIN_TOKENS, Settings, run_epoch

LEAST_LABELS = 1000  # fewer can do harm
HELD_BACK = 0.25
RATE = 2e-5  # of the trunk
DEV_PAIRS = 2000
DRAWS = 2000  # of the bootstrap
CONFIDENCE = 0.95


class LabelMix:
    """An epoch: all labels, in either order, and as many pairs of what the verifier was first trained on, so that it stays known."""

    def __init__(self, labels: list[Pair], first: Mix, seed: int) -> None:
        self.labels, self.first, self.seed = labels, first, seed

    def texts(self) -> list[str]:
        return [text for pair in self.labels for text in (pair.text_a, pair.text_b)] + self.first.texts()

    def draw(self, epoch: int) -> list[Pair]:
        random = np.random.default_rng([self.seed, epoch, 7])
        first = self.first.draw(epoch)
        kept = random.permutation(len(first))[: len(self.labels)]
        labels = [flip(pair) if random.random() < 0.5 else pair for pair in self.labels]
        return labels + [first[at] for at in kept]


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    folder = options.cache / options.into
    if (folder / "last.pt").exists():
        raise SystemExit(f"{folder} holds a run already: name another with --into")
    train, held = split_labels(read_labels(options.labels), options.seed)
    folder.mkdir(parents=True, exist_ok=True)
    model = read_model(options.cache / options.name)
    dev = read_pair_parts(options.data)["dev"][:DEV_PAIRS]
    before = {"held": log_odds(model, held), "dev": log_odds(model, dev)}
    sources = read_sources(options.data, options.cache, options.seed, options.swaps)
    held_keys = {to_key(text) for pair in held for text in (pair.text_a, pair.text_b)}
    sources = {name: [p for p in pairs if not {to_key(p.text_a), to_key(p.text_b)} & held_keys] for name, pairs in sources.items()}
    mix = LabelMix(train, Mix(sources, options.seed), options.seed)
    settings = Settings(options.seed, options.epochs, options.epochs, trunk_rate=RATE, head_rate=RATE * 5, warm_up=20)
    optimizer = make_optimizer(model.trunk, [*model.heads.parameters(), *model.ramps.parameters()], settings)
    state: dict[str, float] = {"epoch": 0, "step": 0, "seconds": 0}
    log(folder, {"event": "start", "train": len(train), "held": len(held), **state})
    words = Words(mix.texts())
    while state["epoch"] < settings.epochs:
        run_epoch(settings, mix, words, model, optimizer, state, folder)
    after = {"held": log_odds(model, held), "dev": log_odds(model, dev)}
    verdict = {
        "held": compare(before["held"], after["held"], labels_of(held), options.seed),
        "dev_ap": [average_precision(scores["dev"], labels_of(dev)) for scores in (before, after)],
    }
    log(folder, {"event": "end", **state, **verdict})
    if verdict["held"]["sure"] < CONFIDENCE:
        raise SystemExit(f"not kept: better on the labels held back with a confidence of {verdict['held']['sure']:.3f}, {CONFIDENCE} is needed")
    save(folder / "last.pt", model, optimizer, state)
    print(f"kept: build it with build.py --name {options.into} --out DIR")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path, help="JSON Lines with text_a, text_b and label (1: the same answer was right)")
    parser.add_argument("--name", default="joint", help="the run to go on from, a folder under --cache")
    parser.add_argument("--into", required=True, help="folder of the new run under --cache")
    parser.add_argument("--epochs", type=int, default=2, help="times through the labels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--swaps", type=Path, help="JSON Lines of swaps; else they are generated")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    return parser.parse_args()


def read_labels(file: Path) -> list[Pair]:
    """Each pair of questions once, as it was last labelled. Names the line that is no label."""
    pairs: dict[tuple[str, str], Pair] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pair = Pair(str(row["text_a"]), str(row["text_b"]), int(row["label"]), "label")
        except (ValueError, KeyError, TypeError) as error:
            raise SystemExit(f"{file}:{number}: expected an object with text_a, text_b and label, received {line[:80]!r} ({error})") from None
        if pair.label not in (0, 1):
            raise SystemExit(f"{file}:{number}: label: expected 0 or 1, received {pair.label}")
        pairs[tuple(sorted((to_key(pair.text_a), to_key(pair.text_b))))] = pair
    if len(pairs) < LEAST_LABELS:
        raise SystemExit(f"{file}: expected {LEAST_LABELS} labelled pairs or more, received {len(pairs)}: so few can do harm")
    return list(pairs.values())


def split_labels(pairs: list[Pair], seed: int) -> tuple[list[Pair], list[Pair]]:
    """Questions that hang together go together. Those without end (one question near all others) go to training."""
    roots = find_groups([(to_key(pair.text_a), to_key(pair.text_b)) for pair in pairs])
    sizes = Counter(roots)
    is_held = [part_draw(f"{seed}\n{root}") < HELD_BACK and sizes[root] <= len(pairs) * HELD_BACK for root in roots]
    train = [pair for pair, held in zip(pairs, is_held, strict=True) if not held]
    held = [pair for pair, held in zip(pairs, is_held, strict=True) if held]
    if len({pair.label for pair in held}) < 2:
        raise SystemExit("the labels held back are all alike: nothing can be proved on them")
    return train, held


@torch.inference_mode()
def log_odds(model: PairModel, pairs: list[Pair]) -> np.ndarray:
    """Of "same", by pair; 0 for one that is over the length that is trained on."""
    model.eval()
    scores = np.zeros(len(pairs))
    words = Words([text for pair in pairs for text in (pair.text_a, pair.text_b)])
    fits = np.array([len(words.join(pair.text_a, pair.text_b)) <= TRAIN_TOKENS for pair in pairs])
    part = to_part([pair for pair, fit in zip(pairs, fits, strict=True) if fit], TRAIN_TOKENS, words)
    rows = np.flatnonzero(fits)
    for batch in make_batches(TASK, part, 2048, longest=10**6):
        _, final = model(TASK, torch.from_numpy(batch.ids), with_ramps=False)
        scores[rows[batch.rows]] = (final[:, 1] - final[:, 0]).numpy()
    return scores


def compare(before: np.ndarray, after: np.ndarray, labels: np.ndarray, seed: int) -> dict[str, float]:
    """Log loss of both, and in how many of the bootstrap's draws the second one's is the lower."""
    losses = [np.logaddexp(0.0, np.where(labels == 1, -scores, scores)) for scores in (before, after)]
    gains = losses[0] - losses[1]
    draws = np.random.default_rng(seed).integers(len(gains), size=(DRAWS, len(gains)))
    return {
        "loss_before": float(losses[0].mean()),
        "loss_after": float(losses[1].mean()),
        "ap_before": average_precision(before, labels),
        "ap_after": average_precision(after, labels),
        "sure": float((gains[draws].mean(axis=1) > 0).mean()),
    }


def labels_of(pairs: list[Pair]) -> np.ndarray:
    return np.array([pair.label for pair in pairs])


if __name__ == "__main__":
    main()
