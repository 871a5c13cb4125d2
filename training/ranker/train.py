"""Makes models/ranker: gradient-boosted trees that put the wanted declaration first."""

import argparse
import base64
import json
from pathlib import Path

import lightgbm
import numpy as np
import onnxruntime
import torch

from common.data import DEFAULT_BENCHMARKS, DEFAULT_CORPUS, DEFAULT_QUERIES
from common.files import write_model
from common.product import ROOT
from encoder.cross_fit import cross_fit

from .ablation import ablate
from .card import card
from .features import FOLDS, Candidates, Exports, collect, exports_in, read, read_queries
from .figures import estimate, gains, gains_of_places, linear_scores, style_table
from .onnx_file import ranker_model

SETTINGS = {
    "objective": "lambdarank",
    "learning_rate": 0.04,
    "num_leaves": 15,
    "min_data_in_leaf": 300,
    "lambda_l2": 20,
    "lambdarank_truncation_level": 20,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}
ROUNDS = 300
# For comparisons that train many times: as many trees as a third, each learning more.
QUICK = {"learning_rate": 0.12}
QUICK_ROUNDS = 100


def train(
    data: Candidates, queries: np.ndarray, kept: list[int], is_quick: bool = False
) -> lightgbm.Booster:
    """Learns from those of the queries whose wanted declaration is a candidate."""
    learned = queries[data.wanted[queries] >= 0]
    rows = data.rows(learned)
    dataset = lightgbm.Dataset(
        data.features[np.ix_(rows, kept)], data.labels[rows], group=data.sizes[learned]
    )
    if is_quick:
        return lightgbm.train(SETTINGS | QUICK, dataset, QUICK_ROUNDS)
    return lightgbm.train(SETTINGS, dataset, ROUNDS)


def cross_validate(data: Candidates, others: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """nDCG@10 of each of the queries, by trees that learned from all others and most of these."""
    everything = list(range(len(data.feature_names)))
    folds, values = data.folds()[queries], np.zeros(len(queries))
    for fold in range(FOLDS):
        learned = np.concatenate([others, queries[folds != fold]])
        booster = train(data, learned, everything, is_quick=True)
        part = data.select(queries[folds == fold])
        values[folds == fold] = gains(part, booster.predict(part.features))
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--queries", type=Path, default=DEFAULT_QUERIES)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT_BENCHMARKS)
    parser.add_argument(
        "--features", type=Path, help="a folder with an earlier run's exports (.work), to read them"
    )
    parser.add_argument("--ablate", action="store_true", help="also leave out groups of features")
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="also tell what learning from validation queries adds",
    )
    parser.add_argument("--threads", type=int, default=1, help="more help on idle cores alone")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "ranker")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    SETTINGS["num_threads"] = arguments.threads
    if arguments.features:
        exports = exports_in(arguments.features)
    else:
        sources = (arguments.corpus, arguments.queries, arguments.benchmarks)
        cross_fit(*sources)
        exports = collect(*sources)
    data = read([*exports.training, exports.validation])
    is_validation = data.are_validation()
    training, asked = np.flatnonzero(~is_validation), np.flatnonzero(is_validation)
    everything = list(range(len(data.feature_names)))
    booster = train(data, training, everything)

    validation = data.select(asked)
    runs = {
        "words alone, linear ranker": gains_by_words_alone(exports.words_alone, validation),
        "linear ranker": gains(validation, linear_scores(validation)),
        "this ranker": gains(validation, booster.predict(validation.features)),
    }
    table = style_table(validation, runs)
    print(table, flush=True)
    model = ranker_model(booster, len(everything))
    text = card(data.select(training), SETTINGS, ROUNDS, len(asked), table)
    settings = {"features": data.feature_names}
    print(write_model(arguments.out, {"ranker.onnx": model}, settings, text), flush=True)
    write_fixture(validation, booster, model)
    compare(data, training, asked, arguments.ablate, arguments.cross_validate)


def compare(
    data: Candidates, training: np.ndarray, asked: np.ndarray, with_ablation: bool, with_folds: bool
) -> None:
    """Prints figures of quickly trained rankers, to be compared with one another."""
    if not with_ablation and not with_folds:
        return
    validation = data.select(asked)

    def run(kept: list[int]) -> np.ndarray:
        booster = train(data, training, kept, is_quick=True)
        return gains(validation, booster.predict(validation.features[:, kept]))

    with_all = run(list(range(len(data.feature_names))))
    print(f"quickly trained: {estimate(with_all, validation.names)}", flush=True)
    if with_ablation:
        print(ablate(validation, with_all, run), flush=True)
    if with_folds:
        values = cross_validate(data, training, asked)
        difference = estimate(values - with_all, validation.names).signed()
        print(f"with validation queries: {estimate(values, validation.names)}, {difference}")


def gains_by_words_alone(path: Path, validation: Candidates) -> np.ndarray:
    """nDCG@10 of each validation query in another export's order."""
    places = {(query["name"], query["style"]): query["gold"] + 1 for query in read_queries(path)}
    queries = zip(validation.names, validation.styles)
    return gains_of_places(np.array([places.get(query, 0) for query in queries]))


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
