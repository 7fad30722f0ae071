"""Makes an image classifier one that the gateway can leave early: it takes an image as [1, places, 3], and every stage gives a
state [1, places, width], the last one the classes' logits as [1, 1, classes]."""

from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from fault import Fault
from rows import Row

IMAGE, LOGITS = "perigee_image", "perigee_logits"
GREY = (0.299, 0.587, 0.114)  # luma, as JPEG has it
COLOURS = 3
LEAST = 1e-12  # probability whose logarithm is taken


def image_layout(specs: list[dict], file: Path) -> dict:
    """{name, channels, height, width, isLast}: the model's one input as an image."""
    wish = "--task classify: expected one input FP32 [1,3,H,W], [1,1,H,W] or [1,H,W,3]"
    spec = specs[0]
    shape = spec["shape"]
    if len(specs) != 1 or spec["datatype"] != "FP32" or len(shape) != 4 or shape[0] not in (1, -1) or -1 in shape[1:]:
        shown = ", ".join(f"{one['datatype']} {one['shape']}" for one in specs)
        raise Fault(f"{file}: {wish}, received {shown}")
    if shape[1] in (1, COLOURS):
        return {"name": spec["name"], "channels": shape[1], "height": shape[2], "width": shape[3], "isLast": False}
    if shape[3] in (1, COLOURS):
        return {"name": spec["name"], "channels": shape[3], "height": shape[1], "width": shape[2], "isLast": True}
    raise Fault(f"{file}: {wish}, received {shape}")


def to_state(row: Row, layout: dict) -> Row:
    """A row of the model's own input as [1, places, 3]."""
    image = row[layout["name"]]
    image = image if layout["isLast"] else image.transpose(0, 2, 3, 1)
    return {IMAGE: np.ascontiguousarray(np.broadcast_to(image, (*image.shape[:3], COLOURS)).reshape(1, -1, COLOURS))}


def wrap(model: ModelProto, layout: dict, output: str, probabilities: bool, classes: int) -> ModelProto:
    """The same model, from IMAGE to LOGITS."""
    wrapped = ModelProto()
    wrapped.CopyFrom(model)
    graph = wrapped.graph
    wrapped.ir_version = max(wrapped.ir_version, 4)
    height, width, channels = layout["height"], layout["width"], layout["channels"]
    weights = {tensor.name for tensor in graph.initializer}
    kept = [value for value in graph.input if value.name not in weights and value.name != layout["name"]]
    del graph.input[:]
    graph.input.extend([*kept, value_info(IMAGE, [1, height * width, COLOURS])])
    before, at = [], IMAGE
    if channels == 1:
        graph.initializer.append(constant("perigee_grey", np.array(GREY, dtype=np.float32).reshape(COLOURS, 1)))
        before.append(helper.make_node("MatMul", [at, "perigee_grey"], ["perigee_grey_image"]))
        at = "perigee_grey_image"
    last = layout["name"] if layout["isLast"] else "perigee_upright"
    graph.initializer.append(constant("perigee_image_shape", np.array([1, height, width, channels])))
    before.append(helper.make_node("Reshape", [at, "perigee_image_shape"], [last]))
    if not layout["isLast"]:
        before.append(helper.make_node("Transpose", [last], [layout["name"]], perm=[0, 3, 1, 2]))
    after, at = [], output
    if probabilities:
        graph.initializer.append(constant("perigee_least", np.array([LEAST], dtype=np.float32)))
        after.append(helper.make_node("Max", [at, "perigee_least"], ["perigee_positive"]))
        after.append(helper.make_node("Log", ["perigee_positive"], ["perigee_log"]))
        at = "perigee_log"
    graph.initializer.append(constant("perigee_logits_shape", np.array([1, 1, classes])))
    after.append(helper.make_node("Reshape", [at, "perigee_logits_shape"], [LOGITS]))
    nodes = [*before, *graph.node, *after]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.output[:]
    graph.output.append(value_info(LOGITS, [1, 1, classes]))
    # Inner shapes that were recorded with a free first dimension would contradict the fixed one.
    del graph.value_info[:]
    return wrapped


def cuttable(model: ModelProto, cuts: list[str]) -> dict[str, list[int]]:
    """Those cuts whose tensors can be states, with their shapes: float32 [1, width], [1, places, width] or [1, width, H, W]."""
    inferred = onnx.shape_inference.infer_shapes(model)
    types = {value.name: value.type.tensor_type for value in inferred.graph.value_info}
    shapes = {}
    for cut in cuts:
        shape = [d.dim_value for d in types[cut].shape.dim] if cut in types else []
        if cut in types and types[cut].elem_type == TensorProto.FLOAT and 2 <= len(shape) <= 4 and shape[0] == 1 and min(shape) > 0:
            shapes[cut] = shape
    return shapes


def to_states(parts: list[dict], cuts: list[str], shapes: dict[str, list[int]]) -> list[dict]:
    """Gives each stage one state in and one out, places before channels."""
    for index, cut in enumerate(cuts):
        give_state(parts[index], cut, shapes[cut], f"state_{index}")
        take_state(parts[index + 1], cut, shapes[cut], f"state_{index}")
    return parts


def width_of(shape: list[int]) -> int:
    return shape[1] if len(shape) == 4 else shape[-1]


def state_shape(shape: list[int]) -> list[int]:
    width = width_of(shape)
    return [1, int(np.prod(shape)) // width, width]


def give_state(part: dict, cut: str, shape: list[int], state: str) -> None:
    graph = part["model"].graph
    at = cut
    if len(shape) == 4:
        graph.node.append(helper.make_node("Transpose", [at], [f"{state}_turned"], perm=[0, 2, 3, 1]))
        at = f"{state}_turned"
    graph.initializer.append(constant(f"{state}_shape", np.array(state_shape(shape))))
    graph.node.append(helper.make_node("Reshape", [at, f"{state}_shape"], [state]))
    del graph.output[:]
    graph.output.append(value_info(state, state_shape(shape)))
    part["outputs"] = [state]


def take_state(part: dict, cut: str, shape: list[int], state: str) -> None:
    graph = part["model"].graph
    inner = [1, *shape[2:], shape[1]] if len(shape) == 4 else shape
    last = f"{state}_upright" if len(shape) == 4 else cut
    graph.initializer.append(constant(f"{state}_inner", np.array(inner)))
    nodes = [helper.make_node("Reshape", [state, f"{state}_inner"], [last])]
    if len(shape) == 4:
        nodes.append(helper.make_node("Transpose", [last], [cut], perm=[0, 3, 1, 2]))
    nodes += graph.node
    del graph.node[:]
    graph.node.extend(nodes)
    others = [value for value in graph.input if value.name != cut]
    del graph.input[:]
    graph.input.extend([*others, value_info(state, state_shape(shape))])
    part["inputs"] = [state if name == cut else name for name in part["inputs"]]


def value_info(name: str, shape: list[int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def constant(name: str, value: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(value.astype(np.int64) if value.dtype.kind == "i" else value, name)
