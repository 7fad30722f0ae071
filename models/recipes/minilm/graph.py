"""A stage of the encoder as an int8 ONNX graph, written node by node with ONNX Runtime's fused operators.

It is what exporting, fusing (bert, 12 heads, 384) and dynamic quantisation (per channel, QInt8) arrive at once ONNX
Runtime has optimised the result at load, plus the few scalings of smooth.py. Writing it down makes the bytes
reproducible, leaves the Worker's loader less to do, and does not depend on what an exporter emits.
Opset 17 with com.microsoft 1; every operator is in onnxruntime-web's wasm build.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from quantise import quantise_columns
from smooth import Factors, scale_rows
from weights import EPSILON, HEADS, HIDDEN, Block, Dense, Norm, Weights

STANDARD = ("Shape", "Slice", "Add", "Mul", "LayerNormalization")
FIRST_INPUT, LATER_INPUT, OUTPUT = "embedded", "hidden_in", "hidden"


def build_stage(weights: Weights, factors: Factors, first: int, count: int, kind: "type[Graph] | None" = None) -> bytes:
    """Blocks first to first + count - 1. In and out: float32 [1, tokens, 384], tokens from 1 to 256.

    The stage with block 0 takes the gathered word embeddings, adds positions and token type, and normalises. `kind`
    writes the matrix products otherwise than int8.
    """
    graph = (kind or Graph)()
    source = FIRST_INPUT if first == 0 else LATER_INPUT
    hidden = graph.add_embedding(source, weights) if first == 0 else source
    for index in range(first, first + count):
        target = OUTPUT if index == first + count - 1 else f"block{index}"
        even = {matrix: values for (at, matrix), values in factors.items() if at == index}
        hidden = graph.add_block(f"block{index}", weights.blocks[index], even, hidden, target)
    return graph.to_bytes(source, f"minilm-blocks-{first}-{first + count - 1}")


class Graph:
    """Collects nodes and constants; each add_… returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add_embedding(self, source: str, weights: Weights) -> str:
        positions = self.constant("positions", weights.position)
        zero = self.constant("zero", np.zeros(1, dtype=np.int64))
        self.node("Shape", [source], "tokens", start=1, end=2)
        self.node("Slice", [positions, zero, "tokens", zero], "positions_used")
        self.node("Add", [source, "positions_used"], "summed")
        gamma, beta = self.norm("embedding.norm", weights.norm)
        return self.node("LayerNormalization", ["summed", gamma, beta], "normed", axis=-1, epsilon=EPSILON)

    def add_block(self, name: str, block: Block, factors: dict[str, np.ndarray], source: str, target: str) -> str:
        qkv, even = self.add_evening(f"{name}.qkv", block.qkv, factors["qkv"], source)
        mixed = self.add_attention(f"{name}.qkv", qkv, even)
        attended = self.add_dense(f"{name}.attention_out", block.attention_out, mixed)
        middle = self.add_residual(f"{name}.attention_norm", block.attention_norm, source, attended, f"{name}.middle")
        ffn_in, even = self.add_evening(f"{name}.ffn_in", block.ffn_in, factors["ffn_in"], middle)
        wide = self.add_dense(f"{name}.ffn_in", Dense(ffn_in.weight, None), even)
        active = self.node("BiasGelu", [wide, self.constant(f"{name}.ffn_in.bias", ffn_in.bias)], f"{name}.active")
        ffn_out, even = self.add_evening(f"{name}.ffn_out", block.ffn_out, factors["ffn_out"], active)
        narrow = self.add_dense(f"{name}.ffn_out", ffn_out, even)
        return self.add_residual(f"{name}.ffn_norm", block.ffn_norm, middle, narrow, target)

    def add_evening(self, name: str, dense: Dense, factors: np.ndarray, source: str) -> tuple[Dense, str]:
        if (factors == 1).all():
            return dense, source
        shrink = self.constant(f"{name}.shrink", 1 / factors)
        return scale_rows(dense, factors), self.node("Mul", [source, shrink], f"{name}.even")

    def add_attention(self, name: str, qkv: Dense, source: str) -> str:
        quantised = [f"{name}.in", f"{name}.in_scale", f"{name}.in_zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [source], quantised, name=f"{name}.quantise"))
        weight, scale, zero = self.quantised(name, qkv.weight)
        bias = self.constant(f"{name}.bias", qkv.bias)
        inputs = [quantised[0], weight, bias, quantised[1], scale, "", quantised[2], zero]
        return self.node("QAttention", inputs, f"{name}.mixed", num_heads=HEADS)

    def add_dense(self, name: str, dense: Dense, source: str) -> str:
        weight, scale, zero = self.quantised(name, dense.weight)
        inputs = [source, weight, scale, zero]
        if dense.bias is not None:
            inputs.append(self.constant(f"{name}.bias", dense.bias))
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.out")

    def add_residual(self, name: str, norm: Norm, kept: str, added: str, target: str) -> str:
        gamma, beta = self.norm(name, norm)
        return self.node("SkipLayerNormalization", [added, kept, gamma, beta], target, epsilon=EPSILON)

    def norm(self, name: str, norm: Norm) -> tuple[str, str]:
        return self.constant(f"{name}.gamma", norm.gamma), self.constant(f"{name}.beta", norm.beta)

    def quantised(self, name: str, weight: np.ndarray) -> tuple[str, str, str]:
        values, scales = quantise_columns(weight)
        zeros = np.zeros(len(scales), dtype=np.int8)
        return (
            self.constant(f"{name}.weight", values),
            self.constant(f"{name}.scale", scales),
            self.constant(f"{name}.zero", zeros),
        )

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        domain = "" if operator in STANDARD else "com.microsoft"
        name = f"{output}.{operator}"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=name, domain=domain, **attributes))
        return output

    def to_bytes(self, source: str, name: str) -> bytes:
        shape = [1, "tokens", HIDDEN]
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(source, TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape)],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="perigee")
        return model.SerializeToString(deterministic=True)
