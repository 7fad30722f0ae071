"""A finished or running training run under the cache folder, read back as a model in fp32."""

from pathlib import Path

import torch
from torch import Tensor

from pair_model import PairModel
from text import read_weights

CACHE = Path.home() / ".cache" / "perigee" / "verifier"


def read_model(folder: Path) -> PairModel:
    """The model of the run's last whole epoch, ready for inference."""
    file = folder / "last.pt"
    if not file.is_file():
        raise SystemExit(f"no run: {file} does not exist; train it first, or name another with --name")
    model = PairModel(read_weights())
    model.load_state_dict(with_queries(torch.load(file, weights_only=True)["model"]))
    return model.eval()


def with_queries(saved: dict[str, Tensor]) -> dict[str, Tensor]:
    """Ramps had one query, [384], before they had several, [queries, 384]."""
    return {name: value[None] if name.endswith(".query") and value.ndim == 1 else value for name, value in saved.items()}
