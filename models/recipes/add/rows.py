"""Inputs to measure with: a user's own (.npz, .npy, or a JSON body of the Open Inference Protocol), or random ones."""

import json
from pathlib import Path

import numpy as np

from fault import Fault

DTYPES = {
    "BOOL": np.bool_, "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32, "UINT64": np.uint64, "INT8": np.int8,
    "INT16": np.int16, "INT32": np.int32, "INT64": np.int64, "FP32": np.float32, "FP64": np.float64,
}  # fmt: skip
INNER = 16  # a dynamic dimension other than the first, where nothing says how long it is
RANGES = (128, 2)  # of random whole numbers: table look-ups may take small ones alone

Row = dict[str, np.ndarray]


def fixed_shape(spec: dict, given: dict[str, list[int]]) -> list[int]:
    if spec["name"] in given:
        shape = given[spec["name"]]
        if len(shape) != len(spec["shape"]) or any(a not in (-1, b) for a, b in zip(spec["shape"], shape, strict=True)):
            raise Fault(f"--shape {spec['name']}: expected {spec['shape']} (-1: any), received {shape}")
        return shape
    return [size if size > 0 else (1 if axis == 0 else INNER) for axis, size in enumerate(spec["shape"])]


def random_rows(specs: list[dict], shapes: dict[str, list[int]], count: int, below: int, seed: int = 0) -> list[Row]:
    source = np.random.default_rng(seed)
    return [{spec["name"]: random_tensor(source, spec, shapes[spec["name"]], below) for spec in specs} for _ in range(count)]


def random_tensor(source: np.random.Generator, spec: dict, shape: list[int], below: int) -> np.ndarray:
    dtype = DTYPES[spec["datatype"]]
    if np.issubdtype(dtype, np.floating):
        return source.standard_normal(shape).astype(dtype)
    return source.integers(0, 2 if dtype is np.bool_ else min(below, np.iinfo(dtype).max), shape).astype(dtype)


def read_rows(files: list[Path], specs: list[dict]) -> list[Row]:
    return [row for file in files for row in read_file(file, specs)]


def read_file(file: Path, specs: list[dict]) -> list[Row]:
    try:
        if file.suffix == ".json":
            return [read_body(json.loads(file.read_text(encoding="utf-8")), file, specs)]
        loaded = np.load(file, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise Fault(f"--calibrate {file}: expected .npz, .npy or .json: {str(error).splitlines()[0]}") from error
    if isinstance(loaded, np.ndarray):
        if len(specs) != 1:
            raise Fault(f"--calibrate {file}: expected an .npz with {', '.join(s['name'] for s in specs)}, received one array")
        arrays = {specs[0]["name"]: loaded}
    else:
        arrays = {name: loaded[name] for name in loaded.files}
    rows = {spec["name"]: split_rows(arrays.get(spec["name"]), file, spec) for spec in specs}
    if len({len(part) for part in rows.values()}) != 1:
        raise Fault(f"--calibrate {file}: expected as many rows of each input, received {[len(part) for part in rows.values()]}")
    return [dict(zip(rows, row, strict=True)) for row in zip(*rows.values(), strict=True)]


def split_rows(array: np.ndarray | None, file: Path, spec: dict) -> list[np.ndarray]:
    """An array of the input's rank is cut along its first axis; one axis more, and each is one input."""
    expected = spec["shape"]
    if array is None:
        raise Fault(f"--calibrate {file}: expected an array {spec['name']}, received none")
    rows = list(array) if array.ndim == len(expected) + 1 else [array[i : i + 1] for i in range(len(array))] if array.ndim else []
    if not rows or any(a not in (-1, b) for a, b in zip(expected, rows[0].shape, strict=False)) or rows[0].ndim != len(expected):
        raise Fault(f"--calibrate {file}: {spec['name']}: expected rows of {expected} (-1: any), received {list(array.shape)}")
    kind = DTYPES[spec["datatype"]]
    return [np.ascontiguousarray(row, dtype=kind) for row in rows]


def read_body(body: object, file: Path, specs: list[dict]) -> Row:
    try:
        inputs = {one["name"]: np.array(one["data"]).reshape(one["shape"]) for one in body["inputs"]}
        return {spec["name"]: inputs[spec["name"]].astype(DTYPES[spec["datatype"]]) for spec in specs}
    except (TypeError, KeyError, ValueError) as error:
        raise Fault(f"--calibrate {file}: expected a body as for /v2/models/…/infer: {error!r}") from error
