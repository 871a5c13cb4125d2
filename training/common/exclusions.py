"""Declarations that no model may learn from: what the benchmarks ask for."""

import json
from pathlib import Path


def benchmark_names(benchmarks: Path) -> set[str]:
    """Every MathlibQR target, and every MathlibMPR theorem and premise.

    Only names are read from the benchmark files: no query, statement or difficulty.
    """
    names = {record["full_name"] for record in _read(benchmarks / "MathlibQR.json")}
    for theorem in _read(benchmarks / "MathlibMPR.json"):
        names.add(theorem["formal_main_result"])
        for group in theorem["premise_group"]:
            names.update(group["docs"])
    return names


def with_relatives(names: set[str], derived_from: dict[str, str]) -> set[str]:
    """The names, what Lean generated from them, and what they were generated from.

    An additive twin shares its source's docstring, so that a label for one is a label for both.
    """
    sources = names | {derived_from[name] for name in names if name in derived_from}
    return sources | {name for name, source in derived_from.items() if source in sources}


def _read(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))
