"""A trained stage as an ONNX graph in float32, with batch norm folded into the convolutions.

Images and states pass as [1, places, channels], rows of pixels one after the other: what the gateway's stages take and
give. Inside a stage they are [1, channels, height, width].
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import Convolution, Residual

OPSET = 17
INPUT, OUTPUT = "state_in", "state"


class Builder:
    """Collects nodes and weights; each method answers the name of what it gives."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, values: np.ndarray) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes: object) -> str:
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"node_{len(self.nodes)}", **attributes))
        return name

    def convolution(self, layer: Convolution, x: str) -> str:
        kernel, bias = fold(layer)
        strides = list(layer.kernel.stride)
        x = self.node("Conv", [x, self.constant(kernel), self.constant(bias)], kernel_shape=[3, 3], pads=[1] * 4, strides=strides)
        return self.node("Relu", [x]) if layer.active else x

    def residual(self, block: Residual, x: str) -> str:
        changed = self.convolution(block.second, self.convolution(block.first, x))
        return self.node("Relu", [self.node("Add", [changed, x])])


def build_stage(stage: torch.nn.Sequential, channels: int, side: int, out_channels: int, out_side: int) -> onnx.ModelProto:
    """`side`: height and width of the input; `out_side` of the output."""
    builder = Builder()
    x = builder.node("Transpose", [INPUT], perm=[0, 2, 1])
    x = builder.node("Reshape", [x, builder.constant(np.array([1, channels, side, side], dtype=np.int64))])
    for layer in stage:
        x = builder.residual(layer, x) if isinstance(layer, Residual) else builder.convolution(layer, x)
    x = builder.node("Reshape", [x, builder.constant(np.array([1, out_channels, out_side**2], dtype=np.int64))])
    builder.node("Transpose", [x], OUTPUT, perm=[0, 2, 1])
    graph = helper.make_graph(
        builder.nodes,
        "stage",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, side**2, channels])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, out_side**2, out_channels])],
        builder.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="perigee")
    onnx.checker.check_model(model)
    return model


def fold(layer: Convolution) -> tuple[np.ndarray, np.ndarray]:
    """Kernel and bias of the convolution followed by its batch norm."""
    norm = layer.norm
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    kernel = layer.kernel.weight * scale[:, None, None, None]
    bias = norm.bias - norm.running_mean * scale
    return kernel.detach().numpy().astype(np.float32), bias.detach().numpy().astype(np.float32)
