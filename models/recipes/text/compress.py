"""Compares ways to make the text trunk small: writes each as stages, and measures bytes, accuracy on dev, time and heap.

    python models/recipes/text/compress.py [--name intents] [--variants fp32,int8,int4,pruned,distilled] [--out DIR]

Starts from a training run, which is read and left as it is. Accuracy is that of the full answer, row by row with onnxruntime's
native kernels; time and heap are of the WebAssembly build in workerd (test/bench/stages-process.ts), all variants by turns,
which needs the repository's npm packages. Ends with the figures as JSON, also in `DIR/compress.json`.
"""

import argparse
import hashlib
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import onnxruntime
import torch

from compress_graph import to_fp32, to_int4, to_int8
from compress_student import fine_tune, keep_blocks, prune_units, to_settings
from data import CACHE, DATA, ROOT, Task, read_task
from export import read_table
from minilm import FIRST_INPUT, HIDDEN, LATER_INPUT, OUTPUT
from model import TextModel
from results import score
from runs import read_model, read_tasks_of

VARIANTS = ("fp32", "int8", "int4", "pruned", "distilled")
EPOCHS = {"pruned": 1.0, "distilled": 2.0}
TRUNK_RATES = {"pruned": 6e-5, "distilled": 1.2e-4}


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    run = options.cache / options.name
    out = options.out or options.cache / f"{options.name}-compress"
    variants = options.variants.split(",")
    unknown = set(variants) - set(VARIANTS)
    if unknown:
        raise SystemExit(f"--variants: expected some of {', '.join(VARIANTS)}, received {', '.join(sorted(unknown))}")
    model = read_model(run)
    tasks = [read_task(name, options.data, options.limit) for name in read_tasks_of(run)]
    found = {variant: make(variant, model, tasks, out / variant, options) for variant in variants}
    if not options.untimed:
        for variant, times in measure_times([out / variant for variant in variants]).items():
            found[variant] |= times
    (out / "compress.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="intents", help="folder of the run under --cache")
    parser.add_argument("--variants", default=",".join(VARIANTS))
    parser.add_argument("--epochs", type=float, help="of the fine-tunes, other than their own; 0 for bytes and times alone")
    parser.add_argument("--out", type=Path, help="default: `NAME-compress` under --cache")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="rows of each part, for a smoke run")
    parser.add_argument("--untimed", action="store_true", help="bytes and accuracy alone")
    return parser.parse_args()


def make(variant: str, model: TextModel, tasks: list[Task], folder: Path, options: argparse.Namespace) -> dict:
    """Writes a variant's stages, and answers its bytes and accuracies."""
    seconds = None
    if variant in EPOCHS:
        epochs = EPOCHS[variant] if options.epochs is None else options.epochs
        settings = to_settings(tasks, options.seed, epochs, TRUNK_RATES[variant])
        student = keep_blocks(model) if variant == "distilled" else prune_units(model, tasks, options.seed)
        seconds = round(fine_tune(student, model, tasks, settings))
        model = student
    weights = model.trunk.to_weights()
    places = range(len(weights.blocks))
    if variant == "fp32":
        stages = [to_fp32(weights, place) for place in places]
    elif variant == "int4":
        stages = [to_int4(weights, place) for place in places]
    else:
        stages = to_int8(weights)
    write(folder, variant, stages)
    trunk = Stages(stages)
    accuracy = {task.name: score(task, trunk.answer(model, task)) for task in tasks}
    found = {"stages": len(stages), "bytes": sum(len(stage) for stage in stages), "accuracy": accuracy}
    if seconds is not None:
        found |= {"epochs": epochs, "seconds": seconds}
    print(json.dumps({variant: found}), flush=True)
    return found


def write(folder: Path, name: str, stages: list[bytes]) -> None:
    """Stages and what test/bench/stages-messages.ts asks of a manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files, entries = {}, []
    for place, stage in enumerate(stages):
        file = f"stage-{place}.onnx"
        (folder / file).write_bytes(stage)
        files[file] = {"bytes": len(stage), "sha256": hashlib.sha256(stage).hexdigest()}
        entries.append({"file": file, "input": LATER_INPUT if place else FIRST_INPUT, "output": OUTPUT})
    manifest = {"name": name, "width": HIDDEN, "stages": entries, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


class Stages:
    """Native sessions, one thread each; rows one by one, as a gateway runs them."""

    def __init__(self, stages: list[bytes], threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.word = read_table()
        self.threads = threads
        self.sessions = [onnxruntime.InferenceSession(stage, options, ["CPUExecutionProvider"]) for stage in stages]

    def answer(self, model: TextModel, task: Task, part: str = "dev") -> np.ndarray:
        """Class numbers by the head of the task, int64 [rows]."""
        head = model.heads[task.name].out
        weight, bias = head.weight.detach().numpy(), head.bias.detach().numpy()
        with ThreadPoolExecutor(self.threads) as pool:
            pooled = list(pool.map(self.pool, task.parts[part].ids, chunksize=64))
        return (np.stack(pooled) @ weight.T + bias).argmax(axis=1)

    def pool(self, ids: list[int]) -> np.ndarray:
        hidden = self.word[ids][None]
        for place, session in enumerate(self.sessions):
            hidden = session.run(None, {LATER_INPUT if place else FIRST_INPUT: hidden})[0]
        return hidden[0].mean(axis=0)


def measure_times(folders: list[Path]) -> dict[str, dict[str, float]]:
    """By the folders' names: milliseconds by tokens, and the heap in MiB."""
    command = ["npx", "--no-install", "node", "test/bench/stages-process.ts", *(str(folder.resolve()) for folder in folders)]
    given = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if given.returncode:
        raise SystemExit(f"{' '.join(command)}: expected exit status 0, received {given.returncode}")
    return {Path(folder).name: {key: round(value, 2) for key, value in times.items()} for folder, times in json.loads(given.stdout).items()}


if __name__ == "__main__":
    main()
