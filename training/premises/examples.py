"""Theorems that the ranker learns from, and their candidates as the product exports them."""

import base64
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.product import WORK, run_product

from .corpus import Corpus, row

# What makes a theorem one that somebody might ask premises for: it says in words what it shows, at
# some length; little builds on it; and its proof needs several theorems that are not in every proof.
LEAST_DOCSTRING = 120
MOST_USED_BY = 3
LEAST_PREMISES = 3
MOST_REFERENCES = 40
COMMON = 300


@dataclass(frozen=True)
class Premise:
    declaration: int
    # 3, 2 or 1: the rarer a premise is, the more finding it helps; 0: in many proofs or no theorem.
    grade: int


@dataclass(frozen=True)
class Example:
    theorem: int
    premises: list[Premise]
    hidden: list[str]


def choose_examples(corpus: Corpus) -> list[Example]:
    """Theorems of the held-out modules, in an order of no meaning."""
    by_module: dict[str, list[int]] = {}
    for at, module in enumerate(corpus.modules):
        if corpus.names[at]:
            by_module.setdefault(module, []).append(at)
    generated: dict[str, list[str]] = {}
    for name, source in corpus.derived_from.items():
        generated.setdefault(source, []).append(name)
    examples = []
    for at, name in enumerate(corpus.names):
        if not name or not corpus.is_held_out(at) or not _is_wanted(corpus, at):
            continue
        line = corpus.records[name]["line"]
        hidden = {name, *generated.get(name, [])}
        hidden |= {corpus.names[user] for user in row(corpus.users, at)}
        names = [corpus.names[other] for other in by_module[corpus.modules[at]]]
        hidden |= {other for other in names if corpus.records[other]["line"] >= line}
        premises = [
            Premise(int(one), _grade(corpus, int(one)))
            for one in row(corpus.references, at)
            if corpus.names[one] not in hidden
        ]
        examples.append(Example(at, premises, sorted(hidden)))
    random.Random(5).shuffle(examples)
    return examples


def _is_wanted(corpus: Corpus, at: int) -> bool:
    references = row(corpus.references, at)
    return (
        corpus.kinds[at] == "theorem"
        and not corpus.is_derived[at]
        and not corpus.is_banned[at]
        and corpus.used_by[at] <= MOST_USED_BY
        and len(corpus.records[corpus.names[at]]["docstring"]) >= LEAST_DOCSTRING
        and len(references) <= MOST_REFERENCES
        and sum(_is_telling(corpus, int(one)) for one in references) >= LEAST_PREMISES
    )


def _is_telling(corpus: Corpus, at: int) -> bool:
    return corpus.kinds[at] == "theorem" and corpus.used_by[at] < COMMON


def _grade(corpus: Corpus, at: int) -> int:
    """How often a premise is used counts without the theorem itself."""
    if corpus.is_banned[at] or not _is_telling(corpus, at):
        return 0
    others = corpus.used_by[at] - 1
    return 3 if others < 20 else 2 if others < 100 else 1


@dataclass(frozen=True)
class Candidates:
    """All candidates of all theorems, one theorem after the other."""

    feature_names: list[str]
    # rows x features
    features: np.ndarray
    # Of each row, the grade of the premise; 0 for others.
    grades: np.ndarray
    # Of each theorem: its candidates; its module; and the rows of its three rarest premises, counted
    # from its first, -1 for what is no candidate.
    sizes: np.ndarray
    modules: list[str]
    rarest: list[list[int]]

    def rows(self, theorems: np.ndarray) -> np.ndarray:
        starts = np.concatenate([[0], np.cumsum(self.sizes)])
        return np.concatenate([np.arange(starts[t], starts[t + 1]) for t in theorems])

    def column(self, name: str) -> np.ndarray:
        return self.features[:, self.feature_names.index(name)]


def export_candidates(corpus: Corpus, examples: list[Example], index: Path, models: Path) -> Path:
    """Asks the product for the candidates and their features."""
    asked, out = WORK / "premise-theorems.jsonl", WORK / "premise-features.jsonl"
    with asked.open("w", encoding="utf-8") as file:
        for example in examples:
            name = corpus.names[example.theorem]
            record = corpus.records[name]
            line = {
                "name": name,
                "module": corpus.modules[example.theorem],
                "statement": f"{record['signature']} : {record['type']}",
                "conclusion": record["type"],
                "informal": record["docstring"],
                "hidden": example.hidden,
                "premises": [corpus.names[one.declaration] for one in example.premises],
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    run_product(
        *("export", "premise-features", "--quiet", "--index", str(index)),
        *("--models", str(models), "--theorems", str(asked), "--out", str(out)),
    )
    return out


def read_candidates(corpus: Corpus, examples: list[Example], path: Path) -> Candidates:
    """Reads what `export_candidates` wrote for the same examples."""
    by_name = {corpus.names[example.theorem]: example for example in examples}
    matrices, grades, sizes, modules, rarest = [], [], [], [], []
    with path.open(encoding="utf-8") as lines:
        feature_names = json.loads(next(lines))["features"]
        for exported in map(json.loads, lines):
            example = by_name[exported["name"]]
            values = np.frombuffer(base64.b64decode(exported["features"]), "<f4")
            matrices.append(values.reshape(exported["rows"], len(feature_names)))
            grade = np.zeros(exported["rows"], np.int8)
            graded = []
            for premise, place in zip(example.premises, exported["premises"], strict=True):
                if premise.grade > 0:
                    graded.append((int(corpus.used_by[premise.declaration]), place))
                    if place >= 0:
                        grade[place] = premise.grade
            grades.append(grade)
            sizes.append(exported["rows"])
            modules.append(corpus.modules[example.theorem])
            rarest.append([place for _, place in sorted(graded)[:3]])
    return Candidates(
        feature_names=feature_names,
        features=np.concatenate(matrices),
        grades=np.concatenate(grades),
        sizes=np.array(sizes),
        modules=modules,
        rarest=rarest,
    )
