"""Runs the built files with ONNX Runtime (one thread) and holds the vectors to the fp32 reference."""

import time
from pathlib import Path

import numpy as np
import onnxruntime

import reference
from stsb import read_pairs, spearman
from weights import HIDDEN, Weights, read_tokenizer, to_ids


class Int8Model:
    """The caller's part in Python: gather and dequantise word rows, run the stages, pool."""

    def __init__(self, directory: Path, stages: int) -> None:
        table = np.fromfile(directory / "embedding.i8.bin", dtype=np.int8).reshape(-1, HIDDEN)
        scales = np.fromfile(directory / "embedding.scales.bin", dtype="<f4")
        self.word = table * scales[:, None]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.sessions = [
            onnxruntime.InferenceSession(directory / f"stage-{stage}.onnx", options) for stage in range(stages)
        ]

    def embed(self, ids: list[int]) -> np.ndarray:
        """Token ids to a unit vector, float32 [384]."""
        hidden = self.word[ids][None]
        for session in self.sessions:
            hidden = session.run(None, {session.get_inputs()[0].name: hidden})[0]
        return reference.pool(hidden)[0]


def measure_accuracy(model: Int8Model, weights: Weights, pairs: Path) -> dict[str, float]:
    """Spearman's correlation of cosine and gold score, fp32 and int8, and how far int8's vectors turn from fp32's."""
    scores, left, right = read_pairs(pairs)
    ids = to_ids(read_tokenizer(), left + right)
    exact = reference.embed(weights, ids)
    small = np.array([model.embed(row) for row in ids])
    agreement = (exact * small).sum(axis=1)

    def correlate(vectors: np.ndarray) -> float:
        return spearman((vectors[: len(left)] * vectors[len(left) :]).sum(axis=1), np.array(scores))

    return {
        "stsb_dev_spearman_fp32": round(correlate(exact), 4),
        "stsb_dev_spearman_int8": round(correlate(small), 4),
        "cosine_to_fp32_mean": round(float(agreement.mean()), 4),
        "cosine_to_fp32_min": round(float(agreement.min()), 4),
    }


def measure_latency(model: Int8Model, tokens: int, runs: int = 60) -> float:
    """Median milliseconds of one text of so many tokens, native, one thread."""
    ids = np.random.default_rng(0).integers(1000, 30000, tokens).tolist()
    spans = []
    for _ in range(runs):
        start = time.perf_counter()
        model.embed(ids)
        spans.append(time.perf_counter() - start)
    return float(np.median(spans)) * 1000
