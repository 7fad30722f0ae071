"""The graph work of `npm run model:add`, which calls it: reads a model, cuts it, quantises it, and records inputs and the
outputs that onnxruntime gives for them. Writes `--work`; what is wrong with the model is one line on stderr, and exit code 1.

    python models/recipes/add/prepare.py MODEL.onnx --work DIR [--stages N | --cut TENSOR,…] [--quantise int8|none|auto]
        [--shape INPUT=1,128]… [--calibrate FILE]…
        [--task tensors|classify]
"""

import argparse
import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto

from classify import IMAGE, LOGITS, cuttable, image_layout, to_state, to_states, width_of, wrap
from cut import choose_cuts, find_cuts, split
from fault import Fault
from quantise import quantise
from read_model import describe, model_inputs, read_model
from rows import RANGES, Row, fixed_shape, random_rows, read_rows

ROWS = 48
MAX_ROWS = 5000
CALIBRATION = 32
MAX_BYTES = 512 * 1024 * 1024  # of the rows that are recorded


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--stages", type=int, default=1)
    parser.add_argument("--cut", default="")
    parser.add_argument("--task", choices=["tensors", "classify"], default="tensors")
    parser.add_argument("--quantise", choices=["int8", "none", "auto"], default="auto")
    parser.add_argument("--shape", action="append", default=[])
    parser.add_argument("--calibrate", action="append", type=Path, default=[])
    args = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    onnxruntime.set_default_logger_severity(3)
    try:
        prepare(args)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def prepare(args: argparse.Namespace) -> None:
    file: Path = args.file
    model = read_model(file)
    inputs = [describe(value, file, "input") for value in model_inputs(model)]
    outputs = [describe(value, file, "output") for value in model.graph.output]
    if not inputs or not outputs:
        raise Fault(f"{file}: expected an input and an output, received {len(inputs)} and {len(outputs)}")
    for spec in inputs:
        if spec["shape"] is None:
            raise Fault(f"{file}: input {spec['name']}: expected a number of dimensions, received none")
    rows, is_given = find_rows(args, model, inputs)
    expected = [run(model, row, file) for row in rows]
    for spec in outputs:
        shapes = {result[spec["name"]].ndim for result in expected}
        spec["shape"] = spec["shape"] if spec["shape"] is not None else [-1] * shapes.pop()
    image = None
    if args.task == "classify":
        image = image_layout(inputs, file)
        model, rows, inputs, outputs, expected = to_classifier(model, image, rows, outputs, expected, file)
    cuts, shapes = find_cuts_for(args, model, rows[0])
    variants, notes = ({}, []) if args.quantise == "none" else quantise(model, rows[:CALIBRATION])
    stages = {}
    for name, variant in {"fp32": model, **variants}.items():
        try:
            parts = split(variant, cuts, file)
            stages[name] = parts if image is None else to_states(parts, cuts, shapes)
        except Fault as fault:
            if name == "fp32":
                raise
            notes.append(f"{name} not made: {fault}")
    most = ROWS if image is None else int(MAX_BYTES // sum(value.nbytes for value in rows[0].values()))
    measured = (rows[CALIBRATION:] or rows)[:most]
    plan = {
        "inputs": inputs,
        "outputs": outputs,
        "cuts": cuts,
        "notes": notes,
        "calibration": {"kind": "given" if is_given else "random", "rows": min(len(rows), CALIBRATION)},
        "variants": {name: write_stages(args.work / name, parts) for name, parts in stages.items()},
        "image": image,
        "widths": [width_of(shapes[cut]) for cut in cuts] if image else [],
        "rows": [write_row(args.work, place, row) for place, row in enumerate(zip(measured, expected[len(rows) - len(rows[CALIBRATION:] or rows) :], strict=False))],
    }
    (args.work / "plan.json").write_text(json.dumps(plan), encoding="utf-8")


def find_rows(args: argparse.Namespace, model: ModelProto, inputs: list[dict]) -> tuple[list[Row], bool]:
    if args.calibrate:
        return read_rows(args.calibrate, inputs)[:MAX_ROWS], True
    given = {name: [int(size) for size in sizes.split(",")] for name, _, sizes in (text.partition("=") for text in args.shape)}
    shapes = {spec["name"]: fixed_shape(spec, given) for spec in inputs}
    size = sum(np.prod(shape) * 8 for shape in shapes.values())
    count = int(max(4, min(ROWS, MAX_BYTES // 8 // max(size, 1))))
    fault = None
    for below in RANGES:
        rows = random_rows(inputs, shapes, count, below)
        try:
            run(model, rows[0], args.file)
            return rows, False
        except Fault as found:
            fault = found
    raise Fault(f"{fault} (tried inputs of {shapes}; --shape INPUT=1,128 gives others, --calibrate FILE real ones)")


def to_classifier(
    model: ModelProto, image: dict, rows: list[Row], outputs: list[dict], expected: list[Row], file: Path
) -> tuple[ModelProto, list[Row], list[dict], list[dict], list[Row]]:
    values = [result[outputs[0]["name"]] for result in expected]
    shape = values[0].shape
    if len(outputs) != 1 or outputs[0]["datatype"] != "FP32" or values[0].size != shape[-1] or values[0].size < 2:
        shown = ", ".join(f"{spec['datatype']} {spec['shape']}" for spec in outputs)
        raise Fault(f"{file}: --task classify: expected one output FP32 [1,classes], received {shown}")
    flat = np.concatenate([value.reshape(1, -1) for value in values])
    probabilities = bool((flat >= 0).all() and np.allclose(flat.sum(axis=1), 1, atol=1e-3))
    wrapped = wrap(model, image, outputs[0]["name"], probabilities, flat.shape[1])
    states = [to_state(row, image) for row in rows]
    size = image["height"] * image["width"]
    inputs = [{"name": IMAGE, "datatype": "FP32", "shape": [1, size, 3]}]
    outputs = [{"name": LOGITS, "datatype": "FP32", "shape": [1, 1, flat.shape[1]]}]
    return wrapped, states, inputs, outputs, [run(wrapped, row, file) for row in states]


def find_cuts_for(args: argparse.Namespace, model: ModelProto, row: Row) -> tuple[list[str], dict[str, list[int]]]:
    if not args.cut and args.stages == 1:
        return [], {}
    found = find_cuts(model)
    shapes = cuttable(model, found) if args.task == "classify" else {}
    found = list(shapes) if args.task == "classify" else found
    if args.cut:
        wanted = args.cut.split(",")
        wrong = [name for name in wanted if name not in found]
        if wrong or sorted(wanted, key=found.index) != wanted:
            known = ", ".join(found) or "none"
            raise Fault(f"--cut: expected tensors through which everything flows, in order ({known}), received {args.cut}")
        return wanted, shapes
    return choose_cuts(model, found, args.stages, row, args.file), shapes


sessions: dict[int, onnxruntime.InferenceSession] = {}


def run(model: ModelProto, row: Row, file: Path) -> Row:
    try:
        if id(model) not in sessions:
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 4
            sessions[id(model)] = onnxruntime.InferenceSession(model.SerializeToString(), options)
        session = sessions[id(model)]
        names = [value.name for value in session.get_outputs()]
        return dict(zip(names, session.run(names, row), strict=True))
    except Exception as error:  # noqa: BLE001 -- onnxruntime's own errors share no base
        raise Fault(f"{file}: cannot be run: {str(error).splitlines()[0][:300]}") from error


def write_stages(folder: Path, parts: list[dict]) -> list[dict]:
    folder.mkdir(parents=True)
    stages = []
    for place, part in enumerate(parts):
        file = folder / f"stage-{place}.onnx"
        onnx.save(part["model"], file)
        stages.append({"file": file.name, "inputs": part["inputs"], "outputs": part["outputs"], "bytes": file.stat().st_size})
    return stages


def write_row(work: Path, place: int, row: tuple[Row, Row]) -> list[dict]:
    """Both inputs and outputs: the file, its shape."""
    folder = work / "rows"
    folder.mkdir(exist_ok=True)
    written = []
    for kind, tensors in zip(("in", "out"), row, strict=True):
        for index, (name, value) in enumerate(tensors.items()):
            file = folder / f"{place}-{kind}-{index}.bin"
            file.write_bytes(np.ascontiguousarray(value).tobytes())
            written.append({"kind": kind, "name": name, "shape": list(value.shape), "file": f"rows/{file.name}"})
    return written


if __name__ == "__main__":
    sys.exit(main())
