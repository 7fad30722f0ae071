"""Where a graph can be cut into stages: tensors through which everything flows from the inputs to the outputs.

These are the dominators of the outputs in the graph of tensors and operators, found as in Cooper, Harvey and Kennedy,
"A Simple, Fast Dominance Algorithm" (2001). What hangs on weights alone does not count.
"""

import time
from pathlib import Path

import onnx
import onnxruntime
from onnx import ModelProto
from onnx.utils import Extractor

from fault import Fault
from read_model import model_inputs
from rows import Row

SOURCE, SINK = "<source>", "<sink>"
MAX_TIMED = 24
RUNS = 5


def find_cuts(model: ModelProto) -> list[str]:
    """In the order of the flow; without inputs and outputs themselves."""
    edges = flow(model)
    order = topological(edges)
    place = {vertex: index for index, vertex in enumerate(order)}
    parents: dict[str, list[str]] = {vertex: [] for vertex in order}
    for vertex in order:
        for child in edges.get(vertex, []):
            parents[child].append(vertex)
    dominator = {SOURCE: SOURCE}
    for vertex in order[1:]:
        first, *others = [parent for parent in parents[vertex] if parent in dominator]
        for other in others:
            while first != other:
                while place[first] > place[other]:
                    first = dominator[first]
                while place[other] > place[first]:
                    other = dominator[other]
        dominator[vertex] = first
    chain, at = [], dominator.get(SINK, SOURCE)
    while at != SOURCE:
        chain.append(at)
        at = dominator[at]
    ends = {f"t:{value.name}" for value in [*model_inputs(model), *model.graph.output]}
    return [vertex[2:] for vertex in reversed(chain) if vertex.startswith("t:") and vertex not in ends]


def flow(model: ModelProto) -> dict[str, list[str]]:
    """Edges between tensors (`t:`) and operators (`n:`) that an input reaches, from a source to a sink."""
    edges: dict[str, list[str]] = {SOURCE: [f"t:{value.name}" for value in model_inputs(model)], SINK: []}
    reached = set(edges[SOURCE])
    for index, node in enumerate(model.graph.node):
        fed = [f"t:{name}" for name in node_inputs(node) if f"t:{name}" in reached]
        if fed:
            operator = f"n:{index}"
            for tensor in fed:
                edges.setdefault(tensor, []).append(operator)
            edges[operator] = [f"t:{name}" for name in node.output if name]
            reached.update(edges[operator])
    for output in model.graph.output:
        if f"t:{output.name}" in reached:
            edges.setdefault(f"t:{output.name}", []).append(SINK)
    return edges


def node_inputs(node: onnx.NodeProto) -> list[str]:
    """With those that its inner graphs take from outside."""
    inner = [attribute.g for attribute in node.attribute if attribute.HasField("g")]
    return [*node.input, *(name for graph in inner for one in graph.node for name in node_inputs(one))]


def topological(edges: dict[str, list[str]]) -> list[str]:
    counts: dict[str, int] = {}
    for children in edges.values():
        for child in children:
            counts[child] = counts.get(child, 0) + 1
    ready, order = [SOURCE], []
    while ready:
        vertex = ready.pop()
        order.append(vertex)
        for child in edges.get(vertex, []):
            counts[child] -= 1
            if counts[child] == 0:
                ready.append(child)
    return order


def choose_cuts(model: ModelProto, cuts: list[str], stages: int, row: Row, file: Path) -> list[str]:
    """`stages - 1` of `cuts`, so that stages take about as long as one another."""
    if len(cuts) < stages - 1:
        raise Fault(f"{file}: expected {stages - 1} tensors through which everything flows, found {len(cuts)}: {', '.join(cuts) or 'none'}")
    step = max(1, len(cuts) // MAX_TIMED)
    candidates = cuts[::step] if len(cuts[::step]) >= stages - 1 else cuts
    shapes = onnx.shape_inference.infer_shapes(model)
    outputs = [value.name for value in model.graph.output]
    whole = time_of(extract(shapes, [], outputs, file), row)
    until = {cut: time_of(extract(shapes, [], [cut], file), row) / whole for cut in candidates}
    chosen: list[str] = []
    for stage in range(1, stages):
        left = candidates[candidates.index(chosen[-1]) + 1 :] if chosen else candidates
        usable = left[: len(left) - (stages - 1 - stage)]
        chosen.append(min(usable, key=lambda cut: abs(until[cut] - stage / stages)))
    return chosen


def time_of(model: ModelProto, row: Row) -> float:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    feeds = {value.name: row[value.name] for value in session.get_inputs()}
    times = []
    for _ in range(RUNS):
        since = time.perf_counter()
        session.run(None, feeds)
        times.append(time.perf_counter() - since)
    return min(times)


def split(model: ModelProto, cuts: list[str], file: Path) -> list[dict]:
    """[{model, inputs, outputs}], one more than cuts."""
    shapes = onnx.shape_inference.infer_shapes(model)
    stages = []
    for index in range(len(cuts) + 1):
        last = index == len(cuts)
        outputs = [value.name for value in model.graph.output] if last else [cuts[index]]
        part = model if not cuts else extract(shapes, [] if index == 0 else [cuts[index - 1]], outputs, file)
        stages.append({"model": part, "inputs": [value.name for value in model_inputs(part)], "outputs": outputs})
    return stages


def extract(model: ModelProto, inputs: list[str], outputs: list[str], file: Path) -> ModelProto:
    """The part between them; `inputs` empty means the model's own."""
    names = inputs or [value.name for value in model_inputs(model)]
    known = {value.name for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]}
    for name in [*names, *outputs]:
        if name not in known:
            raise Fault(f"{file}: cannot be cut at {name}, whose type is not known")
    weights = {tensor.name for tensor in model.graph.initializer}
    bare = ModelProto()
    bare.CopyFrom(model)
    kept = [value for value in bare.graph.input if value.name not in weights]
    del bare.graph.input[:]
    bare.graph.input.extend(kept)
    part = Extractor(bare).extract_model(names, outputs)
    part.ir_version = max(part.ir_version, 4)  # weights need not be inputs
    used = {name for node in part.graph.node for name in node_inputs(node)}
    own = [value for value in part.graph.input if value.name in used]
    del part.graph.input[:]
    part.graph.input.extend(own)
    return part
