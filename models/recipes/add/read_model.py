"""Reads an ONNX file, and refuses in one line what the gateway cannot serve: no ONNX, absent weights, operators that no
runtime has, types that the Open Inference Protocol or the gateway does not carry."""

from collections.abc import Iterator
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto
from onnx.external_data_helper import load_external_data_for_model, uses_external_data
from onnxruntime.capi import _pybind_state

from fault import Fault

DATATYPES = {
    TensorProto.BOOL: "BOOL",
    TensorProto.UINT8: "UINT8",
    TensorProto.UINT16: "UINT16",
    TensorProto.UINT32: "UINT32",
    TensorProto.UINT64: "UINT64",
    TensorProto.INT8: "INT8",
    TensorProto.INT16: "INT16",
    TensorProto.INT32: "INT32",
    TensorProto.INT64: "INT64",
    TensorProto.FLOAT: "FP32",
    TensorProto.DOUBLE: "FP64",
}
MAX_SHOWN = 5


def read_model(file: Path) -> ModelProto:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Fault(f"{file}: cannot be read: {error.strerror}") from error
    if not data:
        raise Fault(f"{file}: expected an ONNX model, received an empty file")
    try:
        model = onnx.load_from_string(data)
    except DecodeError as error:
        raise Fault(f"{file}: expected an ONNX model, received other bytes, or a file that was cut short") from error
    if not model.graph.node or model.ir_version == 0:
        raise Fault(f"{file}: expected an ONNX model, received one without a single operator")
    load_weights(model, file)
    check_operators(model, file)
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise Fault(f"{file}: not a valid ONNX model: {str(error).splitlines()[0]}") from error
    return model


def load_weights(model: ModelProto, file: Path) -> None:
    for tensor in model.graph.initializer:
        if uses_external_data(tensor):
            place = next((entry.value for entry in tensor.external_data if entry.key == "location"), "")
            if Path(place).is_absolute() or ".." in Path(place).parts or not (file.parent / place).is_file():
                raise Fault(f"{file}: its weights lie in {place or 'another file'}, which is not beside it")
    try:
        load_external_data_for_model(model, str(file.parent))
    except (OSError, ValueError, onnx.checker.ValidationError) as error:
        raise Fault(f"{file}: its weights cannot be read: {str(error).splitlines()[0]}") from error


def check_operators(model: ModelProto, file: Path) -> None:
    opsets = {opset.domain or "ai.onnx": opset.version for opset in model.opset_import}
    newest = onnx.defs.onnx_opset_version()
    if opsets.get("ai.onnx", 0) > newest:
        raise Fault(f"{file}: expected opset {newest} or older, received {opsets['ai.onnx']}")
    own = {(function.domain, function.name) for function in model.functions}
    contributed = {(schema.domain, schema.name) for schema in _pybind_state.get_all_operator_schema()}
    unknown: dict[str, str] = {}
    for place, node in enumerate(all_nodes(model.graph)):
        domain = node.domain or "ai.onnx"
        is_known = (node.domain, node.op_type) in own or (
            has_schema(node, opsets.get(domain, 0)) if domain.startswith("ai.onnx") else (domain, node.op_type) in contributed
        )
        if not is_known:
            unknown.setdefault(f"{domain}:{node.op_type}", node.name or f"number {place}")
    if unknown:
        shown = [f"{name} (opset {opsets.get(name.split(':')[0], 'none')}, first at node {node})" for name, node in unknown.items()]
        rest = f" and {len(shown) - MAX_SHOWN} more" if len(shown) > MAX_SHOWN else ""
        raise Fault(f"{file}: operators that the runtime does not have: {', '.join(shown[:MAX_SHOWN])}{rest}")


def has_schema(node: NodeProto, opset: int) -> bool:
    try:
        schema = onnx.defs.get_schema(node.op_type, opset, "" if node.domain == "ai.onnx" else node.domain)
    except onnx.defs.SchemaError:
        return False
    return not schema.deprecated


def all_nodes(graph: GraphProto) -> Iterator[NodeProto]:
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from all_nodes(inner)


def model_inputs(model: ModelProto) -> list[ValueInfoProto]:
    """Old files list their weights as inputs, too."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def describe(value: ValueInfoProto, file: Path, kind: str) -> dict:
    """{name, datatype, shape}; -1 for a dimension that may be any, None where not even their number is known."""
    if value.type.WhichOneof("value") != "tensor_type":
        raise Fault(f"{file}: {kind} {value.name}: expected a tensor, received a {value.type.WhichOneof('value') or 'value'}")
    tensor = value.type.tensor_type
    if tensor.elem_type not in DATATYPES:
        name = TensorProto.DataType.Name(tensor.elem_type)
        raise Fault(f"{file}: {kind} {value.name}: expected one of {', '.join(DATATYPES.values())}, received {name}")
    shape = [max(d.dim_value, 0) or -1 for d in tensor.shape.dim] if tensor.HasField("shape") else None
    return {"name": value.name, "datatype": DATATYPES[tensor.elem_type], "shape": shape}
