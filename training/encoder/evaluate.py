"""Figures on the validation queries, over the whole corpus."""

from dataclasses import dataclass

import numpy as np
import torch

from common.data import STYLES, TrainingData
from common.markdown import markdown_table

from .examples import INFORMAL, document_batch, query_batch
from .model import Encoder
from .ragged import Ragged
from .vocabulary import LONGEST, Vocabulary


@dataclass(frozen=True)
class Figures:
    """Means over queries; each has one right answer."""

    queries: int
    ndcg_at_10: float
    recall_at_10: float
    recall_at_200: float


class Validation:
    """The queries of the validation declarations."""

    def __init__(self, data: TrainingData, vocabulary: Vocabulary):
        texts = [
            (style, words, one.declaration)
            for one in data.validation
            for style, words in one.queries.items()
        ]
        self._queries = Ragged(
            [vocabulary.entries(words, LONGEST["query"]) for _, words, _ in texts]
        )
        self._answers = torch.tensor([at for _, _, at in texts])
        self._styles = np.array([style for style, _, _ in texts])

    def evaluate(self, model: Encoder, documents: Ragged) -> dict[str, Figures]:
        """Figures of all queries and by style. An answer ranks below all that score as high."""
        corpus = embed_documents(model, documents)
        queries = embed_queries(model, self._queries)
        ranks = []
        for start in range(0, len(queries), 256):
            scores = queries[start : start + 256] @ corpus.T
            right = scores.gather(1, self._answers[start : start + 256, None])
            ranks.append((scores >= right).sum(1))
        rank = torch.cat(ranks).numpy()
        figures = {"all": _figures(rank)}
        return figures | {style: _figures(rank[self._styles == style]) for style in STYLES}


@torch.no_grad()
def embed_documents(model: Encoder, documents: Ragged) -> torch.Tensor:
    """As the Mathlib corpus is: without informal texts."""
    vectors = []
    for start in range(0, len(documents), 8192):
        rows = np.arange(start, min(start + 8192, len(documents)))
        positions, owner = documents.positions(rows)
        positions, owner = (x[documents.labels[positions] != INFORMAL] for x in (positions, owner))
        batch = document_batch(
            documents.ids[positions], documents.labels[positions], owner, len(rows)
        )
        vectors.append(model.documents(batch))
    return torch.cat(vectors)


@torch.no_grad()
def embed_queries(model: Encoder, queries: Ragged) -> torch.Tensor:
    positions, owner = queries.positions(np.arange(len(queries)))
    return model.queries(query_batch(queries.ids[positions], owner, len(queries)))


def _figures(rank: np.ndarray) -> Figures:
    gain = np.where(rank <= 10, 1 / np.log2(rank + 1), 0)
    return Figures(
        queries=len(rank),
        ndcg_at_10=float(gain.mean()),
        recall_at_10=float((rank <= 10).mean()),
        recall_at_200=float((rank <= 200).mean()),
    )


def table(figures: dict[str, Figures]) -> str:
    """The figures as a Markdown table."""
    return markdown_table(
        ["queries", "number", "nDCG@10", "Recall@10", "Recall@200"],
        [
            [
                style,
                one.queries,
                f"{one.ndcg_at_10:.3f}",
                f"{one.recall_at_10:.3f}",
                f"{one.recall_at_200:.3f}",
            ]
            for style, one in figures.items()
        ],
    )
