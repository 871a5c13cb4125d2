"""The encoder as an ONNX file, with its vectors as 8-bit integers.

Inputs and output are described in `src/models/static-encoder.ts`, which runs the file.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common.data import FIELDS

from .model import Encoder

OPSET = 18
# Readable by onnxruntime since 1.15.
IR_VERSION = 9


def onnx_bytes(model: Encoder) -> bytes:
    """The serialised model. Each entry's vector is an 8-bit row times a factor of its own."""
    vectors = model.vectors.detach().numpy()
    factors = np.abs(vectors).max(axis=1) / 127
    rows = np.rint(vectors / np.maximum(factors, 1e-12)[:, None]).astype(np.int8)
    entries, dimensions = vectors.shape
    weights = [model.query_weight, model.document_weight]
    # Field 0 is a query's; it takes the first half of the weights, the others the second.
    constants = {
        "rows": rows,
        "factors": factors.astype(np.float32),
        "weights": np.concatenate([w.detach().numpy() for w in weights]).astype(np.float32),
        "halves": np.array([0] + [entries] * len(FIELDS), dtype=np.int32),
        "field_weights": _after_query(model.field_weight),
        "powers": _after_query(model.power),
        # A text is all query or all declaration, so that its first entry tells which.
        "offsets": _rows_by_field(model.offsets),
        "hidden_weights": model.hidden.weight.detach().numpy(),
        "hidden_bias": model.hidden.bias.detach().numpy(),
        "correction_weights": model.correction.weight.detach().numpy(),
        "correction_bias": model.correction.bias.detach().numpy(),
        "first": np.array(0, dtype=np.int64),
        "last_axis": np.array([1], dtype=np.int64),
        "least_length": np.array([1e-12], dtype=np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["halves", "fields"], ["half"]),
        node("Add", ["ids", "half"], ["weight_ids"]),
        node("Gather", ["weights", "weight_ids"], ["entry_weight"]),
        node("Gather", ["field_weights", "fields"], ["field_weight"]),
        node("Gather", ["powers", "fields"], ["power"]),
        node("Mul", ["power", "lengths"], ["damping"]),
        node("Add", ["entry_weight", "field_weight"], ["undamped"]),
        node("Sub", ["undamped", "damping"], ["log_weight"]),
        node("Exp", ["log_weight"], ["weight"]),
        node("Gather", ["factors", "ids"], ["factor"]),
        node("Mul", ["weight", "factor"], ["row_weight"]),
        node("Unsqueeze", ["row_weight", "last_axis"], ["row_weights"]),
        node("Gather", ["rows", "ids"], ["small_vectors"]),
        node("Cast", ["small_vectors"], ["vectors_of_entries"], to=TensorProto.FLOAT),
        node("MatMul", ["row_weights", "vectors_of_entries"], ["sums"]),
        node("Squeeze", ["sums", "last_axis"], ["sum"]),
        *_normalized("sum", "total"),
        node("Gather", ["fields", "first"], ["first_field"], axis=1),
        node("Gather", ["offsets", "first_field"], ["offset"]),
        node("Add", ["total", "offset"], ["hidden_input"]),
        node("Gemm", ["hidden_input", "hidden_weights", "hidden_bias"], ["hidden"], transB=1),
        node("Relu", ["hidden"], ["active"]),
        node("Gemm", ["active", "correction_weights", "correction_bias"], ["correction"], transB=1),
        node("Add", ["total", "correction"], ["corrected"]),
        *_normalized("corrected", "vectors"),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "static-encoder",
        [
            value("ids", TensorProto.INT32, ["texts", "entries"]),
            value("fields", TensorProto.INT32, ["texts", "entries"]),
            value("lengths", TensorProto.FLOAT, ["texts", "entries"]),
        ],
        [value("vectors", TensorProto.FLOAT, ["texts", dimensions])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    proto.ir_version = IR_VERSION
    proto.producer_name = "lemmascope training"
    onnx.checker.check_model(proto)
    return proto.SerializeToString(deterministic=True)


def _normalized(name: str, result: str) -> list[onnx.NodeProto]:
    length, divisor = f"{name}_length", f"{name}_divisor"
    return [
        helper.make_node("ReduceL2", [name, "last_axis"], [length], keepdims=1),
        helper.make_node("Max", [length, "least_length"], [divisor]),
        helper.make_node("Div", [name, divisor], [result]),
    ]


def _rows_by_field(offsets) -> np.ndarray:
    query, document = offsets.detach().numpy()
    return np.stack([query] + [document] * len(FIELDS))


def _after_query(parameter) -> np.ndarray:
    return np.concatenate([[0], parameter.detach().numpy()]).astype(np.float32)
