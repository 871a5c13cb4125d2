"""The exported words, and which of them may be learned from."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .exclusions import benchmark_names, with_relatives
from .product import ROOT, SHARED, declaration_words, query_words, words_index
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
class Source:
    """All that there is to learn from, with nothing held out yet."""

    names: list[str]
    # Of each declaration, the words of each field.
    fields: list[dict[str, list[str]]]
    # The declaration that Lean generated another one from, by the other's name.
    derived_from: dict[str, str]
    banned: set[str]
    written: list[Written]
    starter: list[Written]


@dataclass(frozen=True)
class TrainingData:
    names: list[str]
    fields: list[dict[str, list[str]]]
    # Whether pairs with this declaration may be learned from.
    may_teach: list[bool]
    training: list[Written]
    starter: list[Written]
    # What was written about declarations that are held out.
    validation: list[Written]


def load(corpus: Path, queries: Path, benchmarks: Path) -> Source:
    """Reads everything; asks the product for the words."""
    records = list(_read(declaration_words(words_index(corpus))))
    names = [record["name"] for record in records]
    ids = {name: at for at, name in enumerate(names)}
    return Source(
        names=names,
        fields=[record["fields"] for record in records],
        derived_from={r["name"]: r["derived_from"] for r in records if r["derived_from"]},
        banned=benchmark_names(benchmarks),
        written=_read_written(query_words(queries), ids),
        starter=_read_written(query_words(ROOT / "corpus" / "starter.jsonl"), ids),
    )


def hold_out(source: Source, is_held_out: Callable[[str], bool] = is_validation) -> TrainingData:
    """Leaves out what the benchmarks ask for, and the written declarations that are held out."""
    names = source.names
    validation = [one for one in source.written if is_held_out(names[one.declaration])]
    held_out = with_relatives(
        source.banned | {names[one.declaration] for one in validation}, source.derived_from
    )

    def usable(some: list[Written]) -> list[Written]:
        return [
            one
            for one in some
            if names[one.declaration] not in held_out and not is_held_out(names[one.declaration])
        ]

    return TrainingData(
        names=names,
        fields=source.fields,
        may_teach=[name not in held_out for name in names],
        training=usable(source.written),
        starter=usable(source.starter),
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
