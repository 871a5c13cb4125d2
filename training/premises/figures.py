"""What the models find, on theorems of modules that they did not learn from."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from common.markdown import markdown_table
from encoder.model import Encoder
from encoder.ragged import Ragged
from encoder.vocabulary import LONGEST as LONGEST_OF_QUERY
from encoder.vocabulary import Vocabulary

from .corpus import Corpus
from .examples import Candidates, Example
from .ranker import DEPTHS, fusion_scores, recalls
from .theorems import BINDERS, DOCSTRING, NAME, TYPE, Theorems, whole_batch

ENCODER_DEPTHS = (50, 300)
RESAMPLES = 4000
# How many theorems are compared with all declarations at once.
BLOCK = 64


def encoder_table(
    corpus: Corpus,
    examples: list[Example],
    theorems: Theorems,
    vocabulary: Vocabulary,
    static: Path,
    model: Encoder,
) -> str:
    """How many of the three rarest premises are near, among all declarations that are not hidden."""
    number = {int(at): n for n, at in enumerate(theorems.declarations)}
    numbers = np.array([number[example.theorem] for example in examples])
    with torch.no_grad():
        runs = {
            "static encoder, statement": _queries(corpus, examples, vocabulary, static, False),
            "static encoder, docstring": _queries(corpus, examples, vocabulary, static, True),
            "this encoder, both and the name": model.documents(
                whole_batch(theorems, numbers, [NAME, DOCSTRING, TYPE, BINDERS])
            ).numpy(),
            "this encoder, statement": model.documents(
                whole_batch(theorems, numbers, [TYPE, BINDERS])
            ).numpy(),
            "this encoder, docstring": model.documents(
                whole_batch(theorems, numbers, [DOCSTRING])
            ).numpy(),
        }
    rows = []
    for label, vectors in runs.items():
        found = _found(corpus, examples, vectors)
        rows.append([label, *(_share(found[:, at]) for at in range(len(ENCODER_DEPTHS)))])
    return markdown_table(["vector of", *(f"Recall@{d}" for d in ENCODER_DEPTHS)], rows)


def _queries(
    corpus: Corpus, examples: list[Example], vocabulary: Vocabulary, static: Path, informal: bool
) -> np.ndarray:
    """The static encoder's own vectors of theorems as queries."""
    session = onnxruntime.InferenceSession(str(static / "encoder.onnx"))
    vectors = np.zeros((len(examples), corpus.vectors.shape[1]), np.float32)
    for at, example in enumerate(examples):
        fields = corpus.words[example.theorem]
        words = fields["docstring"] if informal else fields["binders"] + fields["type"]
        ids = np.array([vocabulary.entries(words, LONGEST_OF_QUERY["query"])], np.int32)
        if ids.size == 0:
            continue
        inputs = {"ids": ids, "fields": np.zeros_like(ids), "lengths": np.zeros(ids.shape, "<f4")}
        (vectors[at],) = session.run(None, inputs)[0]
    return vectors


def _found(corpus: Corpus, examples: list[Example], vectors: np.ndarray) -> np.ndarray:
    ids = {name: at for at, name in enumerate(corpus.names) if name}
    values = []
    for start in range(0, len(examples), BLOCK):
        block = corpus.vectors @ vectors[start : start + BLOCK].T
        for at, example in enumerate(examples[start : start + BLOCK]):
            graded = [one.declaration for one in example.premises if one.grade > 0]
            if not graded:
                continue
            scores = block[:, at].copy()
            scores[[ids[name] for name in example.hidden]] = -np.inf
            rarest = sorted(graded, key=lambda one: corpus.used_by[one])[:3]
            places = [(scores > scores[one]).sum() for one in rarest]
            values.append([np.mean([place < d for place in places]) for d in ENCODER_DEPTHS])
    return np.array(values)


def ranker_table(data: Candidates, scores: np.ndarray) -> str:
    """The ranker against plain fusion, and the difference theorem by theorem."""
    fused, learned = recalls(data, fusion_scores(data)), recalls(data, scores)
    reachable = np.mean([np.mean([row >= 0 for row in rows]) for rows in data.rarest if rows])
    runs = {"plain fusion": fused, "this ranker": learned, "difference": learned - fused}
    rows = [
        [label, *(_share(values[:, at]) for at in range(len(DEPTHS)))]
        for label, values in runs.items()
    ]
    rows.append(["all candidates", *([f"{100 * reachable:.1f}"] * len(DEPTHS))])
    return markdown_table(["order", *(f"Recall@{depth}" for depth in DEPTHS)], rows)


def _share(values: np.ndarray) -> str:
    """A mean in percent, with the 95 % interval of a bootstrap over theorems."""
    drawn = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(1), [2.5, 97.5])
    return f"{100 * values.mean():.1f} [{100 * low:.1f}, {100 * high:.1f}]"
