"""Vectors as this training computes them, for the test that the product computes the same."""

import json

import numpy as np
import torch

from common.data import FIELDS, TrainingData

from .evaluate import embed_queries
from .examples import document_batch
from .model import Encoder
from .ragged import Ragged
from .vocabulary import LONGEST, Vocabulary


def parity_fixture(data: TrainingData, vocabulary: Vocabulary, model: Encoder) -> str:
    """Ten queries and ten declarations with their vectors, as JSON."""
    written = data.training[:10]
    queries = [list(one.queries.values())[at % len(one.queries)] for at, one in enumerate(written)]
    documents = [
        data.fields[one.declaration]
        | ({"informal": one.informal_name + one.informal_description} if at % 2 else {})
        for at, one in enumerate(written)
    ]
    rows, labels = [], []
    for fields in documents:
        entries = [vocabulary.entries(fields[field], LONGEST[field]) for field in FIELDS]
        rows.append([i for field in entries for i in field])
        labels.append([number for number, field in enumerate(entries) for _ in field])
    ragged = Ragged(rows, labels)
    _, owner = ragged.positions(np.arange(len(rows)))
    with torch.no_grad():
        of_documents = model.documents(document_batch(ragged.ids, ragged.labels, owner, len(rows)))
    of_queries = embed_queries(
        model, Ragged([vocabulary.entries(words, LONGEST["query"]) for words in queries])
    )
    fixture = {
        "queries": [
            {"words": words, "vector": _rounded(vector)}
            for words, vector in zip(queries, of_queries)
        ],
        "documents": [
            {"fields": fields, "vector": _rounded(vector)}
            for fields, vector in zip(documents, of_documents)
        ],
    }
    return json.dumps(fixture, separators=(",", ":")) + "\n"


def _rounded(vector: torch.Tensor) -> list[float]:
    return [round(float(x), 4) for x in vector]
