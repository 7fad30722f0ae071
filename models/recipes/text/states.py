"""The quantised trunk's own hidden states of rows, computed once and kept under the run's folder.

Rows run one by one, as in the gateway: dynamic quantisation has one scale a tensor, so a batch would change the values.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from export import read_table
from minilm import BLOCKS, HIDDEN


class QuantisedTrunk:
    """The caller's part in Python: gather word rows, then stage after stage."""

    def __init__(self, directory: Path) -> None:
        self.word = read_table()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        files = [directory / f"stage-{block}.onnx" for block in range(BLOCKS)]
        self.sessions = [onnxruntime.InferenceSession(file, options, ["CPUExecutionProvider"]) for file in files]
        self.inputs = [session.get_inputs()[0].name for session in self.sessions]

    def run(self, ids: list[int]) -> list[np.ndarray]:
        """Hidden states after each block, float32 [tokens, 384] each."""
        hidden = self.embed(ids)[None]
        states = []
        for session, name in zip(self.sessions, self.inputs, strict=True):
            hidden = session.run(None, {name: hidden})[0]
            states.append(hidden[0])
        return states

    def embed(self, ids: list[int]) -> np.ndarray:
        """What the first stage takes: float32 [tokens, 384]."""
        return self.word[ids]


@dataclass(frozen=True)
class States:
    """Of some rows: blocks[k] is float16 [all tokens, 384] after block k + 1, rows one after the other; the last is pooled."""

    ids: list[list[int]]
    word: np.ndarray
    blocks: list[np.ndarray]
    offsets: np.ndarray
    pooled: np.ndarray  # mean over the tokens of the last block, float32 [rows, 384]

    def gather(self, blocks: int, rows: np.ndarray, tokens: int) -> Tensor:
        """float32 [rows, tokens, 384] after so many blocks, of rows that all have so many tokens; after none, the words'."""
        if blocks == 0:
            return torch.from_numpy(self.word[np.array([self.ids[row] for row in rows])])
        places = self.offsets[rows][:, None] + np.arange(tokens)
        return torch.from_numpy(self.blocks[blocks - 1][places].astype(np.float32))


def read_states(trunk: QuantisedTrunk, ids: list[list[int]], folder: Path, threads: int = 2) -> States:
    """Of rows of token ids, from the folder or computed and left there."""
    if not (folder / "pooled.npy").is_file():
        compute_states(trunk, ids, folder, threads)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in ids])])[:-1]
    blocks = [np.load(folder / f"block-{block}.npy", mmap_mode="r") for block in range(BLOCKS - 1)]
    pooled = np.load(folder / "pooled.npy")
    assert len(pooled) == len(ids), f"{folder} holds {len(pooled)} rows, expected {len(ids)}: delete it"
    return States(ids, trunk.word, blocks, offsets, pooled)


def compute_states(trunk: QuantisedTrunk, ids: list[list[int]], folder: Path, threads: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    total = sum(len(row) for row in ids)
    blocks = [np.empty((total, HIDDEN), dtype=np.float16) for _ in range(BLOCKS - 1)]
    pooled = np.empty((len(ids), HIDDEN), dtype=np.float32)
    ends = np.cumsum([len(row) for row in ids])

    def compute(row: int) -> None:
        states = trunk.run(ids[row])
        for block, state in zip(blocks, states, strict=False):
            block[ends[row] - len(ids[row]) : ends[row]] = state
        pooled[row] = states[-1].mean(axis=0)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(compute, range(len(ids)), chunksize=64))
    for index, block in enumerate(blocks):
        np.save(folder / f"block-{index}.npy", block)
    np.save(folder / "pooled.npy", pooled)  # last: its presence says that the others are whole


def drop_states(folder: Path) -> None:
    """After another export the states are stale."""
    shutil.rmtree(folder, ignore_errors=True)


