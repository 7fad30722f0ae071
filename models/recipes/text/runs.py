"""A finished or running training run under the cache folder, read back as a model in fp32."""

import json
from pathlib import Path

import torch

from minilm import read_weights
from model import TextModel


def read_tasks_of(folder: Path) -> list[str]:
    return read_settings(folder)["tasks"]


def read_settings(folder: Path) -> dict:
    file = folder / "settings.json"
    if not file.is_file():
        raise SystemExit(f"no run: {file} does not exist; train it first, or name another with --name")
    return json.loads(file.read_text(encoding="utf-8"))


def read_model(folder: Path) -> TextModel:
    """The model of the run's last whole epoch, ready for inference."""
    saved = torch.load(folder / "last.pt", weights_only=True)["model"]
    classes = {task: len(saved[f"heads.{task}.out.bias"]) for task in read_tasks_of(folder)}
    model = TextModel(read_weights(), classes)
    model.load_state_dict(saved)
    return model.eval()
