"""LightGBM's trees as an ONNX tree ensemble (ai.onnx.ml TreeEnsembleRegressor, version 3)."""

import lightgbm
import numpy as np
import onnx
from onnx import TensorProto, helper

ATTRIBUTES = (
    "nodes_treeids",
    "nodes_nodeids",
    "nodes_featureids",
    "nodes_values",
    "nodes_modes",
    "nodes_truenodeids",
    "nodes_falsenodeids",
    "nodes_missing_value_tracks_true",
    "target_treeids",
    "target_nodeids",
    "target_ids",
    "target_weights",
)


def ranker_model(booster: lightgbm.Booster, features: int) -> bytes:
    """The file's bytes. All splits of the trees must be numerical."""
    lists: dict[str, list] = {name: [] for name in ATTRIBUTES}
    for tree_id, tree in enumerate(booster.dump_model()["tree_info"]):
        _add(tree["tree_structure"], tree_id, lists, [0])
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["scores"],
        domain="ai.onnx.ml",
        n_targets=1,
        post_transform="NONE",
        **lists,
    )
    graph = helper.make_graph(
        [node],
        "lemmascope ranker",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", features])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 1])],
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _add(node: dict, tree: int, lists: dict[str, list], count: list[int]) -> int:
    """Adds a node and all below it; gives its id, which is unique within its tree."""
    own = count[0]
    count[0] += 1
    is_leaf = "leaf_value" in node
    place = len(lists["nodes_treeids"])
    lists["nodes_treeids"].append(tree)
    lists["nodes_nodeids"].append(own)
    lists["nodes_featureids"].append(0 if is_leaf else node["split_feature"])
    lists["nodes_values"].append(0.0 if is_leaf else _threshold(node["threshold"]))
    lists["nodes_modes"].append("LEAF" if is_leaf else "BRANCH_LEQ")
    lists["nodes_truenodeids"].append(0)
    lists["nodes_falsenodeids"].append(0)
    lists["nodes_missing_value_tracks_true"].append(0)
    if is_leaf:
        lists["target_treeids"].append(tree)
        lists["target_nodeids"].append(own)
        lists["target_ids"].append(0)
        lists["target_weights"].append(float(node["leaf_value"]))
        return own
    lists["nodes_truenodeids"][place] = _add(node["left_child"], tree, lists, count)
    lists["nodes_falsenodeids"][place] = _add(node["right_child"], tree, lists, count)
    return own


def _threshold(value: float) -> float:
    """The largest float32 that is not above a threshold.

    LightGBM compares in float64; for float32 features, this threshold decides the same.
    """
    rounded = np.float32(value)
    if float(rounded) > value:
        rounded = np.nextafter(rounded, np.float32(-np.inf))
    return float(rounded)
