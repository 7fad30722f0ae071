"""The fp32 reference: all-MiniLM-L6-v2's forward pass in numpy, so that it needs no torch.

Texts of equal length are run together, so nothing is padded and no mask is needed. golden.py holds these embeddings
to sentence-transformers' (largest difference of a component under 1e-4).
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from weights import EPSILON, HEADS, HIDDEN, Block, Dense, Norm, Weights

TOKENS_AT_ONCE = 2048  # bounds the memory of a batch: about 12 MB for its widest activation


def ignore(_matrix: str, _input: np.ndarray) -> None:
    """Observes nothing."""


def embed(weights: Weights, ids: list[list[int]]) -> np.ndarray:
    """Token ids, at most 256 a text, to unit vectors: float32 [texts, 384]."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(ids):
        by_length[len(row)].append(index)
    vectors = np.empty((len(ids), HIDDEN), dtype=np.float32)
    for length, indices in by_length.items():
        step = max(1, TOKENS_AT_ONCE // length)
        for start in range(0, len(indices), step):
            rows = indices[start : start + step]
            vectors[rows] = pool(encode(weights, np.array([ids[row] for row in rows])))
    return vectors


def encode(weights: Weights, ids: np.ndarray) -> np.ndarray:
    """int [batch, tokens] to the last block's hidden states, float32 [batch, tokens, 384]."""
    hidden = embed_tokens(weights, ids)
    for block in weights.blocks:
        hidden = run_block(block, hidden)
    return hidden


def pool(hidden: np.ndarray) -> np.ndarray:
    """Mean over all tokens, CLS and SEP included, then to unit length: [batch, tokens, 384] to [batch, 384]."""
    mean = hidden.mean(axis=-2)
    return mean / np.linalg.norm(mean, axis=-1, keepdims=True)


def embed_tokens(weights: Weights, ids: np.ndarray) -> np.ndarray:
    """What the first block takes: word, position and token type, summed and normalised."""
    return normalise(weights.word[ids] + weights.position[: ids.shape[1]], weights.norm)


def run_block(block: Block, hidden: np.ndarray, observe: Callable[[str, np.ndarray], None] = ignore) -> np.ndarray:
    """A post-norm transformer block (Devlin et al. 2018), shapes kept. `observe` is shown the inputs of three matrices."""
    observe("qkv", hidden)
    hidden = normalise(hidden + apply(block.attention_out, attend(apply(block.qkv, hidden))), block.attention_norm)
    observe("ffn_in", hidden)
    wide = gelu(apply(block.ffn_in, hidden))
    observe("ffn_out", wide)
    return normalise(hidden + apply(block.ffn_out, wide), block.ffn_norm)


def attend(qkv: np.ndarray) -> np.ndarray:
    """Multi-head self-attention without a mask: [batch, tokens, 1152] to [batch, tokens, 384]."""
    batch, tokens, _ = qkv.shape
    query, key, value = qkv.reshape(batch, tokens, 3, HEADS, -1).transpose(2, 0, 3, 1, 4)
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(HIDDEN // HEADS))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = scores / scores.sum(axis=-1, keepdims=True) @ value
    return mixed.transpose(0, 2, 1, 3).reshape(batch, tokens, HIDDEN)


def apply(dense: Dense, x: np.ndarray) -> np.ndarray:
    return (x.reshape(-1, x.shape[-1]) @ dense.weight + dense.bias).reshape(*x.shape[:-1], -1)


def normalise(x: np.ndarray, norm: Norm) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = np.square(centred).mean(axis=-1, keepdims=True)
    return centred / np.sqrt(variance + np.float32(EPSILON)) * norm.gamma + norm.beta


def gelu(x: np.ndarray) -> np.ndarray:
    """x * Phi(x), with erf from Abramowitz and Stegun 7.1.26 (absolute error under 1.5e-7)."""
    z = np.abs(x) * np.float32(1 / np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    polynomial = np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        polynomial = polynomial * t + np.float32(coefficient)
    erf = 1 - polynomial * t * np.exp(-z * z)
    return x * (1 + np.copysign(erf, x)) * np.float32(0.5)
