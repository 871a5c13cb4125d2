"""Mathlib's declarations with their vectors, their words and what they refer to."""

import gzip
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from common.exclusions import benchmark_names, with_relatives
from common.product import declaration_words


@dataclass(frozen=True)
class Corpus:
    """All by declaration id of the index; an id without a declaration has an empty name."""

    names: list[str]
    kinds: list[str]
    modules: list[str]
    used_by: np.ndarray
    is_derived: np.ndarray
    # ids x dimensions; rows of length 1, or zero
    vectors: np.ndarray
    # ids x ids: 1 where a declaration refers to another one, and to whom it is referred
    references: csr_matrix
    users: csr_matrix
    # Of each declaration, the words of each field.
    words: list[dict[str, list[str]]]
    # By name: signature, type, docstring and line, as the corpus has them.
    records: dict[str, dict]
    # The declaration that Lean generated another one from, by the other's name.
    derived_from: dict[str, str]
    # Whether no label may come from it.
    is_banned: np.ndarray
    # Of the encoder that made the vectors.
    encoder: str

    def is_held_out(self, at: int) -> bool:
        """Whether the ranker learns from a theorem, and so the encoder does not: by its module.

        Theorems of one module have premises in common, so that whole modules are held out: those
        whose names' SHA-256 starts with a byte below 40, which are a sixth.
        """
        return hashlib.sha256(self.modules[at].encode("utf-8")).digest()[0] < 40


def row(matrix: csr_matrix, at: int) -> np.ndarray:
    return matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]]


def load_corpus(index: Path, corpus: Path, benchmarks: Path) -> Corpus:
    """Reads an index that the product made of a corpus with its static encoder."""
    db = sqlite3.connect(f"file:{index}?mode=ro", uri=True)
    facts = db.execute(
        "select d.id, n.name, d.kind, m.name, d.used_by, d.is_derived from declarations d"
        " join names n on n.id = d.id join modules m on m.id = d.module_id"
    ).fetchall()
    size = max(fact[0] for fact in facts) + 1
    names, kinds, modules = [""] * size, [""] * size, [""] * size
    used_by, is_derived = np.zeros(size, np.int64), np.zeros(size, bool)
    for at, name, kind, module, uses, derived in facts:
        names[at], kinds[at], modules[at] = name, kind, module
        used_by[at], is_derived[at] = uses, bool(derived)
    embedder = json.loads(db.execute("select value from meta where key = 'embedder'").fetchone()[0])
    vectors = np.zeros((size, embedder["dimensions"]), np.float32)
    for at, components in db.execute("select id, bytes from vectors"):
        vectors[at] = np.frombuffer(components, np.int8)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    pairs = np.array(
        db.execute(
            "select u.from_id, u.to_id from uses u join declarations d on d.id = u.to_id"
            " where u.from_id <> u.to_id"
        ).fetchall()
    )
    ones = np.ones(len(pairs), np.float32)
    references = csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    ids = {name: at for at, name in enumerate(names) if name}
    words: list[dict[str, list[str]]] = [{} for _ in range(size)]
    derived_from: dict[str, str] = {}
    with declaration_words(index).open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            words[ids[record["name"]]] = record["fields"]
            if record["derived_from"]:
                derived_from[record["name"]] = record["derived_from"]
    banned = with_relatives(benchmark_names(benchmarks), derived_from)
    return Corpus(
        names=names,
        kinds=kinds,
        modules=modules,
        used_by=used_by,
        is_derived=is_derived,
        vectors=vectors,
        references=references,
        users=csr_matrix(references.T),
        words=words,
        records=dict(_records(corpus)),
        derived_from=derived_from,
        is_banned=np.array([name in banned for name in names]),
        encoder=embedder["fingerprint"],
    )


def _records(corpus: Path):
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            kept = {key: record[key] or "" for key in ("signature", "type", "docstring")}
            yield ".".join(record["name"]), kept | {"line": record["line"]}
