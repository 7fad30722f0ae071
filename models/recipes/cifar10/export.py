"""Writes the trained stages as int8 ONNX files: static quantisation, one scale a kernel's output channel.

Each stage's ranges are those it sees behind the quantised stages before it, on some train rows.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from data import SIDE
from graph import INPUT, OUTPUT, build_stage
from model import SIDES, WIDTHS, ImageModel

RANGE_ROWS = 400  # of the train part, for the ranges


class Rows(CalibrationDataReader):
    def __init__(self, states: list[np.ndarray]) -> None:
        self.states = iter(states)

    def get_next(self) -> dict[str, np.ndarray] | None:
        state = next(self.states, None)
        return None if state is None else {INPUT: state}


def write_stages(model: ImageModel, images: np.ndarray, out: Path) -> list[dict]:
    """`images`: normalised [rows, 32, 32, 3]. Answers the manifest's entries; a request can leave after every stage."""
    out.mkdir(parents=True, exist_ok=True)
    states = [to_state(image) for image in images[:RANGE_ROWS]]
    shapes = list(zip((3, *WIDTHS), (SIDE, *SIDES), strict=True))
    entries = []
    for index, stage in enumerate(model.stages):
        name = f"stage-{index}.onnx"
        graph = build_stage(stage, *shapes[index], *shapes[index + 1])
        quantise(graph, states, out / name)
        session = open_session(out / name)
        states = [session.run([OUTPUT], {INPUT: state})[0] for state in states]
        entries.append({"file": name, "input": INPUT, "output": OUTPUT, "blocks": 1, "width": WIDTHS[index]})
    return entries


def quantise(graph: onnx.ModelProto, states: list[np.ndarray], file: Path) -> None:
    with TemporaryDirectory() as folder:
        onnx.save(graph, Path(folder) / "fp32.onnx")
        quantize_static(
            Path(folder) / "fp32.onnx",
            file,
            Rows(states),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )


def open_session(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(file, options, ["CPUExecutionProvider"])


def to_state(image: np.ndarray) -> np.ndarray:
    """Normalised [32, 32, 3] as the first stage takes it: [1, places, 3]."""
    return np.ascontiguousarray(image.reshape(1, SIDE * SIDE, 3), dtype=np.float32)
