"""Makes models/ranker: gradient-boosted trees that put the wanted declaration first."""

import argparse
import base64
import json
import math
from pathlib import Path

import lightgbm
import numpy as np
import onnxruntime

from common.data import DEFAULT_BENCHMARKS, DEFAULT_CORPUS, DEFAULT_QUERIES, STYLES
from common.files import write_model
from common.markdown import markdown_table
from common.product import ROOT

from .features import FOLDS, Candidates, collect, read
from .onnx_file import ranker_model

SETTINGS = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "lambdarank_truncation_level": 20,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}
ROUNDS = 250


def train(data: Candidates, queries: np.ndarray, kept: list[int]) -> lightgbm.Booster:
    rows = data.rows(queries)
    dataset = lightgbm.Dataset(
        data.features[rows][:, kept], data.labels[rows], group=data.sizes[queries]
    )
    return lightgbm.train(SETTINGS, dataset, ROUNDS)


def cross_validate(data: Candidates, kept: list[int]) -> list[int | None]:
    """The wanted declaration's place in each query, by a model that saw none of its queries."""
    scores = np.zeros(len(data.labels), np.float32)
    for fold in range(FOLDS):
        learned = np.flatnonzero((data.folds != fold) & (data.wanted >= 0))
        rows = data.rows(np.flatnonzero(data.folds == fold))
        scores[rows] = train(data, learned, kept).predict(data.features[rows][:, kept])
    return places(data, scores)


def places(data: Candidates, scores: np.ndarray) -> list[int | None]:
    starts = data.starts()
    found: list[int | None] = []
    for query, wanted in enumerate(data.wanted):
        of_query = scores[starts[query] : starts[query + 1]]
        found.append(None if wanted < 0 else 1 + int((of_query > of_query[wanted]).sum()))
    return found


def ndcg10(found: list[int | None]) -> float:
    gains = [1 / math.log2(p + 1) if p is not None and p <= 10 else 0.0 for p in found]
    return sum(gains) / max(1, len(gains))


def figures(data: Candidates, runs: dict[str, list[int | None]]) -> str:
    """A table of nDCG@10 by style, one row a run."""
    rows = []
    for label, found in runs.items():
        by_style = [
            ndcg10([p for p, s in zip(found, data.styles, strict=True) if s == style])
            for style in STYLES
        ]
        rows.append([label, *(f"{value:.3f}" for value in [ndcg10(found), *by_style])])
    return markdown_table(["ordered by", "all", *STYLES], rows)


def groups(names: list[str]) -> dict[str, list[str]]:
    """Features that measure one thing, for leaving them out together."""

    def starting(*starts: str) -> list[str]:
        return [name for name in names if name.startswith(starts)]

    return {
        "similarity of meaning": starting("dense_"),
        "places in the channels": starting("words_rank", "phrases_", "dense_rank", "bm25f_of_best"),
        "neighbouring words": [name for name in names if "pair_coverage" in name],
        "name": starting("name_"),
        "kind": starting("is_", "kind_"),
        "used by": starting("used_by"),
        "the query's style": starting("query_words", "query_has", "query_is", "candidates"),
        "lengths": [name for name in names if name.endswith("_length")],
    }


def card(data: Candidates, table: str) -> str:
    settings = markdown_table(["setting", "value"], [*SETTINGS.items(), ("rounds", ROUNDS)])
    return f"""# Ranker

Orders the candidates of a query: {ROUNDS} regression trees over {len(data.feature_names)} features
of a query and a candidate, trained by LambdaMART (LightGBM) to put the wanted declaration first.
`src/search/features.ts` computes the features, at training time and for every search.

Made by `python -m ranker.train` in `training/`, from nothing but the data below.

## Data

{len(data.sizes):,} written queries for declarations that the encoder did not learn from (its
validation split, `training/common/split.py`), each with at most 400 candidates from all of Mathlib at
v4.28.0-rc1; for {int((data.wanted >= 0).sum()):,} of them the wanted declaration is a candidate.
Apache-2.0, written for this project. No MathlibQR target and no theorem or premise of MathlibMPR is
among them.

Licence of the model: Apache-2.0.

## Figures

nDCG@10 over all these queries, each ranked by a model that was trained without any query for the same
declaration ({FOLDS}-fold cross-validation by declaration). The model itself is trained on all.

{table}

## Settings

{settings}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--queries", type=Path, default=DEFAULT_QUERIES)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT_BENCHMARKS)
    parser.add_argument("--features", type=Path, help="an export to read instead of making one")
    parser.add_argument("--ablate", action="store_true", help="also leave out groups of features")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "ranker")
    arguments = parser.parse_args()
    data = (
        read(arguments.features)
        if arguments.features
        else collect(arguments.corpus, arguments.queries, arguments.benchmarks)
    )
    everything = list(range(len(data.feature_names)))
    linear = -np.concatenate([np.arange(size) for size in data.sizes]).astype(np.float32)
    runs = {
        "the linear ranker": places(data, linear),
        "this ranker": cross_validate(data, everything),
    }
    if arguments.ablate:
        for label, names in groups(data.feature_names).items():
            kept = [at for at in everything if data.feature_names[at] not in names]
            runs[f"… without {label}"] = cross_validate(data, kept)
            print(f"without {label}: {ndcg10(runs[f'… without {label}']):.3f}", flush=True)
    table = figures(data, runs)
    print(table, flush=True)

    booster = train(data, np.flatnonzero(data.wanted >= 0), everything)
    model = ranker_model(booster, len(everything))
    settings = {"features": data.feature_names}
    print(write_model(arguments.out, {"ranker.onnx": model}, settings, card(data, table)))
    write_fixture(data, booster, model)


def write_fixture(data: Candidates, booster: lightgbm.Booster, model: bytes) -> None:
    """Rows of features with LightGBM's own scores, for the product's parity test."""
    rows = np.linspace(0, len(data.labels) - 1, 40).astype(int)
    features = np.ascontiguousarray(data.features[rows], dtype="<f4")
    expected = booster.predict(features)
    session = onnxruntime.InferenceSession(model)
    (scores,) = session.run(None, {"features": features})
    difference = float(np.abs(scores[:, 0] - expected).max())
    if difference > 1e-4:
        raise SystemExit(f"ONNX and LightGBM differ by {difference}.")
    fixture = {
        "features": base64.b64encode(features.tobytes()).decode("ascii"),
        "scores": [round(float(score), 6) for score in expected],
    }
    path = ROOT / "test" / "fixtures" / "ranker-scores.json"
    path.write_text(json.dumps(fixture) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
