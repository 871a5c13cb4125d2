"""The candidates of written queries, with the features that the product computes for them."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.exclusions import benchmark_names
from common.product import WORK, mathlib_index, run_product
from common.split import is_validation

FOLDS = 5


@dataclass(frozen=True)
class Candidates:
    """All candidates of all queries, one query after the other."""

    feature_names: list[str]
    # rows x features
    features: np.ndarray
    # 1 for the wanted declaration, 0 for the others
    labels: np.ndarray
    # Of each query: the number of its candidates, which of them is wanted (-1: none), its style and
    # the part of the cross-validation that its declaration belongs to.
    sizes: np.ndarray
    wanted: np.ndarray
    styles: list[str]
    folds: np.ndarray

    def starts(self) -> np.ndarray:
        return np.concatenate([[0], np.cumsum(self.sizes)])

    def rows(self, queries: np.ndarray) -> np.ndarray:
        starts = self.starts()
        return np.concatenate([np.arange(starts[q], starts[q + 1]) for q in queries])


def collect(corpus: Path, queries: Path, benchmarks: Path) -> Candidates:
    """Asks the product for the candidates of every query that the encoder did not learn from.

    Those are the encoder's validation declarations: on queries that it learned from, its similarities
    are better than a user will ever see, and a ranker would trust them too much.
    """
    index = mathlib_index(corpus)
    chosen = WORK / "queries-for-ranker.jsonl"
    banned = benchmark_names(benchmarks)
    with queries.open(encoding="utf-8") as lines, chosen.open("w", encoding="utf-8") as out:
        for line in lines:
            name = json.loads(line)["name"]
            if is_validation(name) and name not in banned:
                out.write(line)
    exported = WORK / "features.jsonl"
    run_product(
        *("export", "features", "--quiet", "--index", str(index)),
        *("--queries", str(chosen), "--out", str(exported)),
    )
    return read(exported)


def read(path: Path) -> Candidates:
    """Reads what `lemmascope export features` wrote."""
    matrices, labels, sizes, wanted, styles, folds = [], [], [], [], [], []
    with path.open(encoding="utf-8") as lines:
        names = json.loads(next(lines))["features"]
        for line in lines:
            query = json.loads(line)
            values = np.frombuffer(base64.b64decode(query["features"]), "<f4")
            matrices.append(values.reshape(query["rows"], len(names)))
            label = np.zeros(query["rows"], np.int8)
            if query["gold"] >= 0:
                label[query["gold"]] = 1
            labels.append(label)
            sizes.append(query["rows"])
            wanted.append(query["gold"])
            styles.append(query["style"])
            folds.append(_fold(query["name"]))
    return Candidates(
        feature_names=names,
        features=np.concatenate(matrices),
        labels=np.concatenate(labels),
        sizes=np.array(sizes),
        wanted=np.array(wanted),
        styles=styles,
        folds=np.array(folds),
    )


def _fold(name: str) -> int:
    """All queries of a declaration fall into one part."""
    return hashlib.sha256(f"fold {name}".encode()).digest()[0] % FOLDS
