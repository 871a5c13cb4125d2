"""Makes `models/encoder`: `python -m encoder.train`, in the folder `training`."""

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from common.data import (
    DEFAULT_BENCHMARKS,
    DEFAULT_CORPUS,
    DEFAULT_QUERIES,
    TrainingData,
    hold_out,
    load,
)
from common.files import write_model
from common.product import ROOT, WORK, run_product

from .card import card
from .evaluate import Validation, table
from .examples import KINDS, Sampler, document_rows, training_texts
from .fixture import parity_fixture
from .model import Encoder, contrastive_loss
from .onnx_file import onnx_bytes
from .ragged import Ragged
from .settings import Settings
from .vocabulary import LONGEST, Vocabulary, build_vocabulary


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the static encoder and writes its files.")
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--queries", type=Path, default=DEFAULT_QUERIES)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT_BENCHMARKS)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "encoder")
    parser.add_argument(
        "--fixture", type=Path, default=ROOT / "test" / "fixtures" / "encoder-vectors.json"
    )
    parser.add_argument("--threads", type=int, default=1, help="more help on idle cores alone")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    settings = Settings()
    data = hold_out(load(options.corpus, options.queries, options.benchmarks))
    fitted = fit(settings, data)
    vocabulary, model = fitted.vocabulary, fitted.model
    figures = Validation(data, vocabulary).evaluate(model, fitted.documents)
    print(table(figures))
    text = card(settings, data, fitted.texts, len(vocabulary) - 1, figures, fingerprints())
    sums = write_encoder(options.out, settings, fitted, text)
    options.fixture.parent.mkdir(parents=True, exist_ok=True)
    options.fixture.write_text(parity_fixture(data, vocabulary, model), encoding="utf-8")
    print(sums)


@dataclass(frozen=True)
class Fitted:
    """A trained encoder, and what it was trained on."""

    model: Encoder
    vocabulary: Vocabulary
    documents: Ragged
    # How many texts of each kind.
    texts: dict[str, int]


def fit(settings: Settings, data: TrainingData) -> Fitted:
    """Learns from everything that is not held out."""
    texts, answers, kinds = training_texts(data)
    counts = Counter(KINDS[kind] for kind in kinds)
    print(f"{len(data.names)} declarations; texts: {dict(counts)}", flush=True)
    written = [words for words, kind in zip(texts, kinds) if KINDS[kind] == "written"]
    vocabulary, frequency = build_vocabulary(data.fields, written)
    rarity = rarity_of(vocabulary, frequency, len(data.names))
    documents = document_rows(data, vocabulary)
    queries = Ragged([vocabulary.entries(words, LONGEST["query"]) for words in texts])
    sampler = Sampler(settings, documents, queries, answers, kinds)
    return Fitted(train(settings, sampler, rarity), vocabulary, documents, dict(counts))


def write_encoder(folder: Path, settings: Settings, fitted: Fitted, card_text: str) -> str:
    """Writes the model's folder; gives the checksums."""
    return write_model(
        folder,
        {
            "encoder.onnx": onnx_bytes(fitted.model),
            "vocabulary.txt": vocabulary_bytes(fitted.vocabulary),
        },
        {"dimensions": settings.dimensions, "longest": LONGEST},
        card_text,
    )


def train(settings: Settings, sampler: Sampler, rarity: np.ndarray) -> Encoder:
    """The model whose weights are averaged over the later part of training."""
    torch.manual_seed(settings.seed)
    model = Encoder(settings, rarity)
    averaged = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average_decay)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 50) * (1 - 0.95 * step / settings.steps)
    )
    started, losses = time.time(), []
    for step in range(settings.steps):
        query_batch, document_batch, rows = sampler.draw()
        loss = contrastive_loss(
            model.queries(query_batch), model.documents(document_batch), rows, model.scale
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step >= settings.average_from * settings.steps:
            averaged.update_parameters(model)
        if (step + 1) % 200 == 0:
            mean, seconds = np.mean(losses[-200:]), time.time() - started
            print(f"step {step + 1}: loss {mean:.3f}, {seconds:.0f} s", flush=True)
    return averaged.module


def rarity_of(vocabulary: Vocabulary, frequency: Counter, documents: int) -> np.ndarray:
    """The inverse document frequency of each entry; 0 for padding."""
    found = np.array([frequency[word] + 1 for word in vocabulary.words])
    return np.concatenate([[0], np.log(1 + documents / found)])


def vocabulary_bytes(vocabulary: Vocabulary) -> bytes:
    return ("\n".join(vocabulary.words) + "\n").encode("utf-8")


def fingerprints() -> dict[str, str]:
    """Of the corpus and of `src/text`, as the index tells them."""
    index = str(WORK / "words.sqlite")
    status = json.loads(run_product("status", "--quiet", "--json", "--index", index))
    return {"corpus": status["corpusFingerprint"], "vocabulary": status["vocabularyFingerprint"]}


if __name__ == "__main__":
    main()
