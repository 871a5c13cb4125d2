"""The candidates of written queries, with the features that the product computes for them.

Every query is asked of an index whose encoder learned nothing about the declaration that it is for:
a validation query of the shipped encoder's, a training query of the one that its part was left out
for (`encoder/cross_fit.py`).
"""

import base64
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.exclusions import benchmark_names
from common.product import ROOT, WORK, run_product, vectors_index, words_index
from common.split import PARTS, is_validation, part_of
from encoder.cross_fit import models_without

# Of the validation declarations, for cross-validation.
FOLDS = 5


@dataclass(frozen=True)
class Candidates:
    """All candidates of all queries, one query after the other."""

    feature_names: list[str]
    # rows x features
    features: np.ndarray
    # 1 for the wanted declaration, 0 for the others
    labels: np.ndarray
    # Of each query: the number of its candidates, which of them is wanted (-1: none), its style, and
    # the name of the wanted declaration.
    sizes: np.ndarray
    wanted: np.ndarray
    styles: list[str]
    names: list[str]

    def rows(self, queries: np.ndarray) -> np.ndarray:
        starts = np.concatenate([[0], np.cumsum(self.sizes)])
        return np.concatenate([np.arange(starts[q], starts[q + 1]) for q in queries])

    def select(self, queries: np.ndarray) -> "Candidates":
        rows = self.rows(queries)
        return Candidates(
            feature_names=self.feature_names,
            features=self.features[rows],
            labels=self.labels[rows],
            sizes=self.sizes[queries],
            wanted=self.wanted[queries],
            styles=[self.styles[q] for q in queries],
            names=[self.names[q] for q in queries],
        )

    def are_validation(self) -> np.ndarray:
        return np.array([is_validation(name) for name in self.names])

    def folds(self) -> np.ndarray:
        """All queries of a declaration fall into one fold."""
        return np.array([hashlib.sha256(f"fold {n}".encode()).digest()[0] % FOLDS for n in self.names])


@dataclass(frozen=True)
class Exports:
    """What the product wrote: files of candidates."""

    # One for each part of the training declarations.
    training: list[Path]
    validation: Path
    # Validation once more, by an index without vectors.
    words_alone: Path


def exports_in(folder: Path) -> Exports:
    return Exports(
        training=[folder / f"features-part-{part}.jsonl" for part in range(PARTS)],
        validation=folder / "features-validation.jsonl",
        words_alone=folder / "features-words-alone.jsonl",
    )


def collect(corpus: Path, queries: Path, benchmarks: Path) -> Exports:
    """Asks the product for the candidates of every query, after `encoder.cross_fit`."""
    exports = exports_in(WORK)
    banned = benchmark_names(benchmarks)

    def export(index: Path, out: Path, chosen: Callable[[str], bool], *options: str) -> None:
        asked = WORK / "queries-for-ranker.jsonl"
        with queries.open(encoding="utf-8") as lines, asked.open("w", encoding="utf-8") as file:
            for line in lines:
                name = json.loads(line)["name"]
                if name not in banned and chosen(name):
                    file.write(line)
        run_product(
            *("export", "features", "--quiet", "--index", str(index), *options),
            *("--queries", str(asked), "--out", str(out)),
        )
        print(f"Wrote {out}", flush=True)

    export(words_index(corpus), exports.words_alone, is_validation)
    shipped = WORK / "without-validation"
    shutil.copytree(ROOT / "models" / "encoder", shipped / "encoder", dirs_exist_ok=True)
    index = vectors_index(corpus, shipped)
    export(index, exports.validation, is_validation, "--models", str(shipped))
    for part, out in enumerate(exports.training):
        models = models_without(part)

        def is_left_out(name: str, part: int = part) -> bool:
            return not is_validation(name) and part_of(name) == part

        export(vectors_index(corpus, models), out, is_left_out, "--models", str(models))
    return exports


def read(paths: list[Path]) -> Candidates:
    """Reads what `lemmascope export features` wrote."""
    matrices, labels, sizes, wanted, styles, names = [], [], [], [], [], []
    for path in paths:
        feature_names = feature_names_of(path)
        for query in read_queries(path):
            values = np.frombuffer(base64.b64decode(query["features"]), "<f4")
            matrices.append(values.reshape(query["rows"], len(feature_names)))
            label = np.zeros(query["rows"], np.int8)
            if query["gold"] >= 0:
                label[query["gold"]] = 1
            labels.append(label)
            sizes.append(query["rows"])
            wanted.append(query["gold"])
            styles.append(query["style"])
            names.append(query["name"])
    return Candidates(
        feature_names=feature_names,
        features=np.concatenate(matrices),
        labels=np.concatenate(labels),
        sizes=np.array(sizes),
        wanted=np.array(wanted),
        styles=styles,
        names=names,
    )


def feature_names_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return json.loads(next(lines))["features"]


def read_queries(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            yield json.loads(line)
