"""Writes test/golden/tensors.json: a tiny model of plain tensors in two stages, with inputs and what onnxruntime gives for them.

    python models/recipes/add/golden.py [--out FILE]
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import ModelProto, TensorProto, helper, numpy_helper

ROWS = [[1.0, 2.0, 3.0], [-2.0, 0.25, 1.0]]
OPSET = helper.make_opsetid("", 17)


def stage(nodes: list, inputs: list, outputs: list, weights: dict) -> ModelProto:
    initializers = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[OPSET], ir_version=8)


def value(name: str, kind: int, shape: list) -> object:
    return helper.make_tensor_value_info(name, kind, shape)


def build() -> list[ModelProto]:
    x, hidden = value("x", TensorProto.FLOAT, ["n", 3]), value("hidden", TensorProto.FLOAT, ["n", 2])
    weight = np.array([[1, -1], [0.5, 2], [0.25, 0]], dtype=np.float32)
    first = stage([helper.make_node("MatMul", ["x", "weight"], ["hidden"])], [x], [hidden], {"weight": weight})
    k, flag = value("k", TensorProto.INT64, [1]), value("flag", TensorProto.BOOL, [2])
    outputs = [value("root", TensorProto.FLOAT, ["n", 2]), value("next", TensorProto.INT64, [1]), value("other", TensorProto.BOOL, [2])]
    nodes = [
        helper.make_node("Sqrt", ["hidden"], ["root"]),  # NaN where the hidden value is negative
        helper.make_node("Add", ["k", "one"], ["next"]),
        helper.make_node("Not", ["flag"], ["other"]),
    ]
    return [first, stage(nodes, [hidden, k, flag], outputs, {"one": np.array([1], dtype=np.int64)})]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("test/golden/tensors.json"))
    out = parser.parse_args().out
    first, second = (model.SerializeToString() for model in build())
    with np.errstate(invalid="ignore"):
        hidden = onnxruntime.InferenceSession(first).run(None, {"x": np.array(ROWS, dtype=np.float32)})[0]
        fed = {"hidden": hidden, "k": np.array([2**40]), "flag": np.array([True, False])}
        root, after, other = onnxruntime.InferenceSession(second).run(None, fed)
    rounded = [[None if np.isnan(one) else float(one) for one in row] for row in root]
    golden = {
        "stages": [base64.b64encode(data).decode() for data in (first, second)],
        "inputs": {"x": ROWS, "k": [2**40], "flag": [True, False]},
        "outputs": {"root": rounded, "next": after.tolist(), "other": other.tolist()},
    }
    out.write_text(json.dumps(golden, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
