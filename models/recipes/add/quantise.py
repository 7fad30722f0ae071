"""int8 in the ways that ONNX Runtime has: dynamic for matrix products, static with calibration for convolutions."""

import tempfile
from pathlib import Path

import onnx
from onnx import ModelProto
from onnx.version_converter import convert_version
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from rows import Row

OPSET = 17  # per-channel scales need 13
MATRIX = ("MatMul", "Gemm")
CONVOLUTION = ("Conv", "ConvTranspose")


class Rows(CalibrationDataReader):
    def __init__(self, rows: list[Row]) -> None:
        self.rows = iter(rows)

    def get_next(self) -> Row | None:
        return next(self.rows, None)


def quantise(model: ModelProto, rows: list[Row]) -> tuple[dict[str, ModelProto], list[str]]:
    """Variants by name, and in words why one could not be made."""
    kinds = {node.op_type for node in model.graph.node}
    found: dict[str, ModelProto] = {}
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.onnx"
        try:
            prepare(model, base)
        except Exception as error:  # noqa: BLE001 -- whatever the tools throw, fp32 is still there
            return {}, [f"int8 not tried: {first_line(error)}"]
        ways = {
            "int8-dynamic": (kinds & set(MATRIX), lambda out: to_dynamic(base, out)),
            "int8-static": (kinds & set(MATRIX + CONVOLUTION), lambda out: to_static_at_all(base, out, rows)),
        }
        for name, (applies, make) in ways.items():
            out = Path(folder) / f"{name}.onnx"
            try:
                if applies:
                    make(out)
                    found[name] = onnx.load(out)
            except Exception as error:  # noqa: BLE001
                notes.append(f"{name} not made: {first_line(error)}")
    if not kinds & set(MATRIX + CONVOLUTION):
        notes.append("int8 not tried: the model has no matrix product and no convolution")
    return found, notes


def prepare(model: ModelProto, out: Path) -> None:
    opset = next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), 0)
    if opset < OPSET:
        bare = ModelProto()
        bare.CopyFrom(model)
        bare.ir_version = max(bare.ir_version, 4)
        model = convert_version(bare, OPSET)
    raw = out.with_name("raw.onnx")
    onnx.save(model, raw)
    quant_pre_process(str(raw), str(out), skip_symbolic_shape=True)


def to_dynamic(base: Path, out: Path) -> None:
    options = {"DefaultTensorType": onnx.TensorProto.FLOAT}
    quantize_dynamic(base, out, op_types_to_quantize=list(MATRIX), per_channel=True, weight_type=QuantType.QInt8, extra_options=options)


def to_static_at_all(base: Path, out: Path, rows: list[Row]) -> None:
    """ONNX Runtime's adjustment of weights to int32 biases stumbles over matrix products with one scale a column."""
    try:
        to_static(base, out, rows, adjusts=True)
    except ValueError:
        to_static(base, out, rows, adjusts=False)


def to_static(base: Path, out: Path, rows: list[Row], *, adjusts: bool) -> None:
    quantize_static(
        base,
        out,
        Rows(rows),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=[*MATRIX, *CONVOLUTION],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={"QDQDisableWeightAdjustForInt32Bias": not adjusts},
    )


def first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
