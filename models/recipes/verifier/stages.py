"""The quantised verifier: its trunk in ONNX Runtime's native kernels, and the files that make it."""

from pathlib import Path

import numpy as np

from pair_ids import SEP
from pair_model import PairModel
from text import QuantisedTrunk, to_numpy, write_stages

SECOND = "second.f32.bin"


class QuantisedPairTrunk(QuantisedTrunk):
    """The caller's part in Python, from a built folder: word rows, the second question's marked, then stage after stage."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.second = np.fromfile(directory / SECOND, dtype="<f4")

    def embed(self, ids: list[int]) -> np.ndarray:
        rows = self.word[ids]
        rows[ids.index(SEP) + 1 :] += self.second
        return rows


def write_trunk(model: PairModel, out: Path) -> list[dict]:
    """Stages and the second question's vector; answers the manifest's entries of the stages."""
    stages = write_stages(model.trunk, out)
    (out / SECOND).write_bytes(to_numpy(model.trunk.second).astype("<f4").tobytes())
    return stages
