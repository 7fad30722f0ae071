"""The trunk's stages in other number formats than the shipped int8: float32, and weights of 4 bits."""

import logging

import numpy as np
import onnx
from onnx import helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from minilm import HEADS, Dense, Graph, Weights, build_stage, find_factors

logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.WARNING)

BLOCK_SIZE = 32  # weights that share a scale
ACCURACY_LEVEL = 4  # activations as int8 where a kernel for it exists, which is the faster one


class FloatGraph(Graph):
    """Every matrix in float32, as a plain MatMul that onnxruntime's quantiser knows."""

    def add_attention(self, name: str, qkv: Dense, source: str) -> str:
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        joined = self.add_dense(name, qkv, source)
        self.nodes.append(helper.make_node("Split", [joined], parts, name=f"{name}.split", axis=-1))
        return self.node("MultiHeadAttention", parts, f"{name}.mixed", num_heads=HEADS)

    def add_dense(self, name: str, dense: Dense, source: str) -> str:
        product, weight = f"{name}.product", self.constant(f"{name}.weight", dense.weight)
        self.nodes.append(helper.make_node("MatMul", [source, weight], [product], name=f"{name}.MatMul"))
        return product if dense.bias is None else self.node("Add", [product, self.constant(f"{name}.bias", dense.bias)], f"{name}.out")


def to_fp32(weights: Weights, block: int) -> bytes:
    return build_stage(weights, without_evening(weights), block, 1, FloatGraph)


def to_int8(weights: Weights) -> list[bytes]:
    """As shipped. All stages, since evening out looks at the whole trunk."""
    factors = find_factors(weights)
    return [build_stage(weights, factors, block, 1) for block in range(len(weights.blocks))]


def to_int4(weights: Weights, block: int) -> bytes:
    """Symmetric, round to nearest; biases, norms and positions stay float32."""
    model = onnx.load_from_string(to_fp32(weights, block))
    quantiser = MatMulNBitsQuantizer(model, block_size=BLOCK_SIZE, is_symmetric=True, accuracy_level=ACCURACY_LEVEL)
    quantiser.process()
    return quantiser.model.model.SerializeToString(deterministic=True)


def without_evening(weights: Weights) -> dict[tuple[int, str], np.ndarray]:
    matrices = ("qkv", "ffn_in", "ffn_out")
    return {(at, name): np.ones(len(getattr(block, name).weight), np.float32) for at, block in enumerate(weights.blocks) for name in matrices}
