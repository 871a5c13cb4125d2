"""The exported words, and which of them may be learned from."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .exclusions import benchmark_names, with_relatives
from .product import ROOT, SHARED, declaration_words, mathlib_index, query_words
from .split import is_validation

FIELDS = ("name", "docstring", "informal", "type", "binders", "module")
STYLES = ("lean", "latex", "natural", "slogan", "nickname", "special")


@dataclass(frozen=True)
class Written:
    """What people wrote about one declaration; every text is a list of words."""

    declaration: int
    queries: dict[str, list[str]]
    informal_name: list[str]
    informal_description: list[str]
    aliases: list[list[str]]


@dataclass(frozen=True)
class TrainingData:
    names: list[str]
    # Of each declaration, the words of each field.
    fields: list[dict[str, list[str]]]
    # Whether pairs with this declaration may be learned from.
    may_teach: list[bool]
    training: list[Written]
    starter: list[Written]
    validation: list[Written]


def load(corpus: Path, queries: Path, benchmarks: Path) -> TrainingData:
    """Reads everything; asks the product for the words."""
    records = list(_read(declaration_words(mathlib_index(corpus))))
    names = [record["name"] for record in records]
    ids = {name: at for at, name in enumerate(names)}
    derived_from = {r["name"]: r["derived_from"] for r in records if r["derived_from"]}
    written = _read_written(query_words(queries), ids)
    starter = _read_written(query_words(ROOT / "corpus" / "starter.jsonl"), ids)
    validation = [one for one in written if is_validation(names[one.declaration])]
    held_out = with_relatives(
        benchmark_names(benchmarks) | {names[one.declaration] for one in validation}, derived_from
    )
    teaches = [name not in held_out for name in names]

    def usable(some: list[Written]) -> list[Written]:
        return [
            one
            for one in some
            if teaches[one.declaration] and not is_validation(names[one.declaration])
        ]

    return TrainingData(
        names=names,
        fields=[record["fields"] for record in records],
        may_teach=teaches,
        training=usable(written),
        starter=usable(starter),
        validation=validation,
    )


DEFAULT_CORPUS = SHARED / "corpus" / "mathlib-v4.28.0-rc1.jsonl.gz"
DEFAULT_QUERIES = SHARED / "training" / "queries.jsonl"
DEFAULT_BENCHMARKS = SHARED / "benchmarks"


def _read(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _read_written(path: Path, ids: dict[str, int]) -> list[Written]:
    """What was written about declarations that the corpus has."""
    return [
        Written(
            declaration=ids[record["name"]],
            queries=record["queries"],
            informal_name=record["informal_name"],
            informal_description=record["informal_description"],
            aliases=record["aliases"],
        )
        for record in _read(path)
        if record["name"] in ids
    ]
