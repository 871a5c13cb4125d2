"""Makes `models/premises`: `python -m premises.train`, in the folder `training`."""

import argparse
import base64
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from common.data import DEFAULT_BENCHMARKS, DEFAULT_CORPUS
from common.files import write_model
from common.product import ROOT, WORK, vectors_index
from encoder.onnx_file import onnx_bytes
from ranker.onnx_file import ranker_model

from .card import encoder_card, ranker_card
from .corpus import Corpus, load_corpus
from .encoder import from_static_encoder, read_vocabulary, train_encoder
from .examples import Example, choose_examples, export_candidates, read_candidates
from .figures import encoder_table, ranker_table
from .ranker import cross_validate, train_ranker
from .settings import LONGEST, EncoderSettings
from .theorems import read_theorems

MODELS = ROOT / "models"
FIXTURE = ROOT / "test" / "fixtures" / "premise-ranker-scores.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT_BENCHMARKS)
    parser.add_argument("--index", type=Path, help="a ready index of the corpus with its vectors")
    parser.add_argument(
        "--keep-encoder", action="store_true", help="train the ranker alone, on the encoder there is"
    )
    parser.add_argument(
        "--features", type=Path, help="an earlier run's export (.work/premise-features.jsonl)"
    )
    parser.add_argument("--threads", type=int, default=1, help="more help on idle cores alone")
    parser.add_argument("--out", type=Path, default=MODELS / "premises")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    index = options.index or vectors_index(options.corpus, MODELS)
    corpus = load_corpus(index, options.corpus, options.benchmarks)
    examples = choose_examples(corpus)
    if not options.keep_encoder:
        make_encoder(corpus, examples, options.out / "encoder")
    make_ranker(corpus, examples, index, options)


def make_encoder(corpus: Corpus, examples: list[Example], folder: Path) -> None:
    static, settings = MODELS / "encoder", EncoderSettings()
    vocabulary = read_vocabulary(static)
    theorems = read_theorems(corpus, vocabulary)
    print(f"{theorems.may_teach.sum()} of {len(theorems.declarations)} theorems teach", flush=True)
    model = from_static_encoder(static, vocabulary, settings)
    model = train_encoder(model, corpus, theorems, settings)
    table = encoder_table(corpus, examples, theorems, vocabulary, static, model)
    print(table, flush=True)
    sums = write_model(
        folder,
        {
            "encoder.onnx": onnx_bytes(model),
            "vocabulary.txt": (static / "vocabulary.txt").read_bytes(),
        },
        {"dimensions": corpus.vectors.shape[1], "longest": LONGEST, "declarations": corpus.encoder},
        encoder_card(corpus, theorems, settings, len(vocabulary) - 1, table),
    )
    print(sums, flush=True)


def make_ranker(
    corpus: Corpus, examples: list[Example], index: Path, options: argparse.Namespace
) -> None:
    encoder = fingerprint(options.out / "encoder")
    features = options.features
    if features is None:
        models = WORK / "premise-models"
        shutil.rmtree(models, ignore_errors=True)
        for name in ("encoder", "ranker"):
            shutil.copytree(MODELS / name, models / name)
        shutil.copytree(options.out / "encoder", models / "premises" / "encoder")
        features = export_candidates(corpus, examples, index, models)
    data = read_candidates(corpus, examples, features)
    table = ranker_table(data, cross_validate(data, options.threads))
    print(table, flush=True)
    booster = train_ranker(data, np.arange(len(data.sizes)), options.threads)
    model = ranker_model(booster, len(data.feature_names))
    settings = {"features": data.feature_names, "encoder": encoder}
    card = ranker_card(data, encoder, table)
    print(write_model(options.out / "ranker", {"ranker.onnx": model}, settings, card))
    write_fixture(data.features, booster, model)


def fingerprint(folder: Path) -> str:
    """What `src/models/model-files.ts` calls a model by."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    # The product leaves out of the settings what its encoder does not know.
    settings = {key: manifest["settings"][key] for key in ("dimensions", "longest")}
    text = json.dumps([manifest["files"], settings], separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def write_fixture(features: np.ndarray, booster, model: bytes) -> None:
    """Rows of features with LightGBM's own scores, for the product's parity test."""
    rows = np.linspace(0, len(features) - 1, 40).astype(int)
    chosen = np.ascontiguousarray(features[rows], dtype="<f4")
    expected = booster.predict(chosen)
    (scores,) = onnxruntime.InferenceSession(model).run(None, {"features": chosen})
    difference = float(np.abs(scores[:, 0] - expected).max())
    if difference > 1e-4:
        raise SystemExit(f"ONNX and LightGBM differ by {difference}.")
    fixture = {
        "features": base64.b64encode(chosen.tobytes()).decode("ascii"),
        "scores": [round(float(score), 6) for score in expected],
    }
    FIXTURE.write_text(json.dumps(fixture) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
