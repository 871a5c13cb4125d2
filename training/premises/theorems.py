"""Theorems as the encoder reads them, and how training batches of them are drawn."""

from dataclasses import dataclass

import numpy as np

from common.data import FIELDS
from encoder.examples import DocumentBatch, document_batch
from encoder.ragged import Ragged
from encoder.vocabulary import Vocabulary

from .corpus import Corpus, row
from .settings import LONGEST, EncoderSettings

NAME, DOCSTRING, TYPE, BINDERS = (
    FIELDS.index(field) for field in ("name", "docstring", "type", "binders")
)
# A docstring that says less says nothing about a proof.
LEAST_DOCSTRING = 6


@dataclass(frozen=True)
class Theorems:
    """All theorems that refer to anything."""

    # By number: the declaration.
    declarations: np.ndarray
    entries: Ragged
    has_docstring: np.ndarray
    # Whether the encoder may learn from it.
    may_teach: np.ndarray


def read_theorems(corpus: Corpus, vocabulary: Vocabulary) -> Theorems:
    declarations, rows, labels = [], [], []
    for at, kind in enumerate(corpus.kinds):
        if kind != "theorem" or len(row(corpus.references, at)) == 0:
            continue
        fields = corpus.words[at]
        # The product's `binders` of a theorem is its whole statement, context and all.
        read = {field: fields[field] for field in ("name", "docstring", "type")}
        read["binders"] = fields["binders"] + fields["type"]
        entries = {f: vocabulary.entries(words, LONGEST[f]) for f, words in read.items()}
        declarations.append(at)
        rows.append([i for field in FIELDS for i in entries.get(field, [])])
        labels.append([n for n, field in enumerate(FIELDS) for _ in entries.get(field, [])])
    return Theorems(
        declarations=np.array(declarations),
        entries=Ragged(rows, labels),
        has_docstring=np.array(
            [len(corpus.words[at]["docstring"]) >= LEAST_DOCSTRING for at in declarations]
        ),
        may_teach=np.array(
            [not corpus.is_banned[at] and not corpus.is_held_out(at) for at in declarations]
        ),
    )


def whole_batch(theorems: Theorems, numbers: np.ndarray, fields: list[int]) -> DocumentBatch:
    """Theorems with nothing left out of these fields."""
    positions, owner = theorems.entries.positions(numbers)
    ids, labels = theorems.entries.ids[positions], theorems.entries.labels[positions]
    keep = np.isin(labels, fields)
    return document_batch(ids[keep], labels[keep], owner[keep], len(numbers))


@dataclass(frozen=True)
class Batch:
    theorems: DocumentBatch
    # The premises in the theorems' order, then the wrong answers.
    declarations: np.ndarray
    # theorems x declarations: what is no wrong answer, though not the one that is asked for
    is_also_right: np.ndarray


class Sampler:
    """Draws theorems, thinned out at random, each with one of its premises; and wrong answers."""

    def __init__(self, settings: EncoderSettings, corpus: Corpus, theorems: Theorems):
        self._settings = settings
        self._random = np.random.default_rng(settings.seed)
        self._corpus = corpus
        self._theorems = theorems
        self._all = np.flatnonzero(theorems.may_teach)
        self._documented = np.flatnonzero(theorems.may_teach & theorems.has_docstring)
        self._chances = self._premise_chances()
        names = np.array([bool(name) for name in corpus.names])
        self._wrong = np.flatnonzero(names & ~corpus.is_banned)
        self._by_use = np.cumsum(np.sqrt(corpus.used_by[self._wrong]))

    def _premise_chances(self) -> np.ndarray:
        """The sums of the weights of all references, in the order of the matrix."""
        settings, corpus = self._settings, self._corpus
        weights = (1.0 + corpus.used_by) ** -settings.rarity
        weights *= np.where(np.array(corpus.kinds) == "theorem", settings.theorem_premise, 1)
        weights[corpus.is_banned] = 0
        _, module = np.unique(corpus.modules, return_inverse=True)
        premises = corpus.references.indices
        owner = np.repeat(np.arange(len(corpus.names)), np.diff(corpus.references.indptr))
        is_own = module[premises] == module[owner]
        chances = weights[premises] * np.where(is_own, settings.own_module, 1)
        return np.concatenate([[0], np.cumsum(chances)])

    def draw(self) -> Batch:
        settings, random, corpus = self._settings, self._random, self._corpus
        documented = int(settings.batch * settings.with_docstring)
        numbers = np.concatenate(
            [
                random.choice(self._documented, documented),
                random.choice(self._all, settings.batch - documented),
            ]
        )
        numbers, premises = self._draw_premises(numbers)
        half = settings.random_negatives // 2
        by_use = np.searchsorted(self._by_use, random.random(half) * self._by_use[-1])
        wrong = [random.choice(self._wrong, half), self._wrong[by_use]]
        declarations = np.concatenate([premises, *wrong])
        asking = self._theorems.declarations[numbers]
        is_right = corpus.references[asking][:, declarations].toarray() > 0
        is_right |= asking[:, None] == declarations[None, :]
        np.fill_diagonal(is_right, False)
        return Batch(self._thin(numbers), declarations, is_right)

    def _draw_premises(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One premise for each theorem that has any to learn from; the other theorems are left out."""
        pointers = self._corpus.references.indptr
        asking = self._theorems.declarations[numbers]
        low, high = self._chances[pointers[asking]], self._chances[pointers[asking + 1]]
        drawn = low + self._random.random(len(numbers)) * (high - low)
        places = np.searchsorted(self._chances, drawn, side="right") - 1
        has_any = high - low > 1e-9
        return numbers[has_any], self._corpus.references.indices[places[has_any]]

    def _thin(self, numbers: np.ndarray) -> DocumentBatch:
        settings, random, entries = self._settings, self._random, self._theorems.entries
        positions, owner = entries.positions(numbers)
        ids, labels = entries.ids[positions], entries.labels[positions]
        keep = np.zeros(len(FIELDS))
        keep[NAME], keep[DOCSTRING] = settings.keep_name, settings.keep_docstring
        keep[TYPE], keep[BINDERS] = settings.keep_type, settings.keep_binders
        kept = random.random((len(numbers), len(FIELDS))) < keep
        # A theorem is never seen without its docstring, its type and its binders all at once.
        kept[:, BINDERS] |= ~kept[:, [DOCSTRING, TYPE]].any(1)
        dropout = random.random(len(numbers)) * 2 * settings.word_dropout
        chosen = kept[owner, labels] & (random.random(len(ids)) >= dropout[owner])
        chosen |= (np.bincount(owner[chosen], minlength=len(numbers)) == 0)[owner]
        return document_batch(ids[chosen], labels[chosen], owner[chosen], len(numbers))
