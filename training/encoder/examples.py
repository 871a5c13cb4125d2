"""Training examples: a text, the declaration that it is about, and how batches are drawn."""

from dataclasses import dataclass

import numpy as np
import torch

from common.data import FIELDS, TrainingData

from .ragged import Ragged, log_field_lengths, starts_of
from .settings import Settings
from .vocabulary import LONGEST, Vocabulary

KINDS = ("written", "informal_name", "informal_description", "alias", "docstring", "name", "type")
# Kinds that are much longer than what people search for: windows of them serve as queries.
LONG = [KINDS.index(kind) for kind in ("informal_description", "docstring", "type")]
FROM_CORPUS = [KINDS.index(kind) for kind in ("informal_description", "docstring", "name", "type")]
INFORMAL = FIELDS.index("informal")


@dataclass(frozen=True)
class QueryBatch:
    ids: torch.Tensor
    starts: torch.Tensor


@dataclass(frozen=True)
class DocumentBatch:
    ids: torch.Tensor
    starts: torch.Tensor
    fields: torch.Tensor
    lengths: torch.Tensor


def training_texts(data: TrainingData) -> tuple[list[list[str]], np.ndarray, np.ndarray]:
    """All texts that serve as queries, with the declaration and the kind of each."""
    texts: list[tuple[list[str], int, str]] = []
    for one in data.training + data.starter:
        at = one.declaration
        texts += [(words, at, "written") for words in one.queries.values()]
        texts.append((one.informal_name, at, "informal_name"))
        texts.append((one.informal_description, at, "informal_description"))
        texts += [(words, at, "alias") for words in one.aliases]
    for at, fields in enumerate(data.fields):
        if not data.may_teach[at]:
            continue
        for kind, least in (("docstring", 3), ("name", 2), ("type", 4)):
            if len(fields[kind]) >= least:
                texts.append((fields[kind], at, kind))
    texts = [text for text in texts if text[0]]
    return (
        [words for words, _, _ in texts],
        np.array([at for _, at, _ in texts]),
        np.array([KINDS.index(kind) for _, _, kind in texts]),
    )


def document_rows(data: TrainingData, vocabulary: Vocabulary) -> Ragged:
    """The entries of all declarations; those with informal texts for training have them too."""
    informal = {
        one.declaration: one.informal_name + one.informal_description
        for one in data.starter + data.training
    }
    rows: list[list[int]] = []
    labels: list[list[int]] = []
    for at, fields in enumerate(data.fields):
        row: list[int] = []
        label: list[int] = []
        for number, field in enumerate(FIELDS):
            words = informal.get(at, []) if field == "informal" else fields[field]
            entries = vocabulary.entries(words, LONGEST[field])
            row += entries
            label += [number] * len(entries)
        rows.append(row)
        labels.append(label)
    return Ragged(rows, labels)


class Sampler:
    """Draws batches, with texts and declarations thinned out at random."""

    def __init__(
        self,
        settings: Settings,
        documents: Ragged,
        queries: Ragged,
        answers: np.ndarray,
        kinds: np.ndarray,
    ):
        self._settings = settings
        self._random = np.random.default_rng(settings.seed)
        self._documents = documents
        self._queries = queries
        self._answers = answers
        self._kinds = kinds
        self._by_kind = [np.flatnonzero(kinds == kind) for kind in range(len(KINDS))]
        shares = np.array([getattr(settings, kind) for kind in KINDS])
        self._shares = shares / shares.sum()
        self._keep = self._chances_to_keep()

    def _chances_to_keep(self) -> np.ndarray:
        """By kind of query and field: an answer must not be found by the very text asked with."""
        keep = np.full((len(KINDS), len(FIELDS)), 1 - self._settings.field_dropout)
        # Most corpora have no informal texts.
        keep[:, INFORMAL] = 0.25
        keep[KINDS.index("informal_name"), INFORMAL] = 0
        keep[KINDS.index("informal_description"), INFORMAL] = 0
        keep[KINDS.index("docstring"), FIELDS.index("docstring")] = 0
        keep[KINDS.index("name"), FIELDS.index("name")] = 0.3
        keep[KINDS.index("type"), FIELDS.index("type")] = 0.3
        return keep

    def draw(self) -> tuple[QueryBatch, DocumentBatch, np.ndarray]:
        """Queries, declarations (the answers in order, then others), and the declarations' rows."""
        random, settings = self._random, self._settings
        kinds = random.choice(len(KINDS), settings.batch, p=self._shares)
        picked = np.array([self._by_kind[k][random.integers(len(self._by_kind[k]))] for k in kinds])
        others = random.integers(0, len(self._documents), settings.random_negatives)
        rows = np.concatenate([self._answers[picked], others])
        like = np.concatenate([kinds, np.zeros(len(others), dtype=np.int64)])
        return self._thin_queries(picked), self._thin_documents(rows, like), rows

    def _thin_queries(self, picked: np.ndarray) -> QueryBatch:
        random, count = self._random, len(picked)
        kinds, lengths = self._kinds[picked], self._queries.lengths[picked]
        positions, owner = self._queries.positions(picked)
        ids = self._queries.ids[positions]
        dropout = random.random(count) * 2 * self._settings.query_dropout
        dropout += np.where(np.isin(kinds, FROM_CORPUS), 0.15, 0)
        keep = random.random(len(ids)) >= dropout[owner]
        window = np.where(np.isin(kinds, LONG), random.integers(4, 28, count), 1 << 20)
        is_moved = random.random(count) < 0.6
        start = (random.random(count) * np.maximum(lengths - window, 0) * is_moved).astype(np.int64)
        within = positions - self._queries.starts[picked][owner]
        keep &= (within >= start[owner]) & (within < (start + window)[owner])
        keep |= (np.bincount(owner[keep], minlength=count) == 0)[owner]
        return query_batch(ids[keep], owner[keep], count)

    def _thin_documents(self, rows: np.ndarray, kinds: np.ndarray) -> DocumentBatch:
        random, count = self._random, len(rows)
        positions, owner = self._documents.positions(rows)
        ids, fields = self._documents.ids[positions], self._documents.labels[positions]
        kept = random.random((count, len(FIELDS))) < self._keep[kinds]
        # A declaration is never seen without its name, docstring and type all at once.
        kept[:, 0] |= ~kept[:, [FIELDS.index(f) for f in ("name", "docstring", "type")]].any(1)
        keep = kept[owner, fields] & (random.random(len(ids)) >= self._settings.entry_dropout)
        return document_batch(ids[keep], fields[keep], owner[keep], count)


def query_batch(ids: np.ndarray, owner: np.ndarray, count: int) -> QueryBatch:
    return QueryBatch(torch.from_numpy(ids), torch.from_numpy(starts_of(owner, count)))


def document_batch(
    ids: np.ndarray, fields: np.ndarray, owner: np.ndarray, count: int
) -> DocumentBatch:
    return DocumentBatch(
        torch.from_numpy(ids),
        torch.from_numpy(starts_of(owner, count)),
        torch.from_numpy(fields),
        torch.from_numpy(log_field_lengths(fields, owner, len(FIELDS))),
    )
