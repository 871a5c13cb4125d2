"""What each group of features is worth: how much is lost where the ranker is trained without it."""

from collections.abc import Callable

import numpy as np

from common.markdown import markdown_table

from .features import Candidates
from .figures import estimate


def groups(names: list[str]) -> dict[str, list[str]]:
    """Every feature in one group of those that measure the same thing."""
    rules: list[tuple[str, Callable[[str], bool]]] = [
        ("similarity of meaning", lambda name: name.startswith("dense_")),
        ("BM25F", lambda name: name.startswith("bm25f")),
        ("places in the channels", lambda name: name.startswith(("words_", "phrases_"))),
        ("neighbouring words", lambda name: name.endswith("pair_coverage")),
        ("shared words, by field", lambda name: name.endswith("_coverage")),
        ("lengths of fields", lambda name: name.endswith("_length")),
        ("likeness of names", lambda name: name.startswith("name_")),
        ("kind", lambda name: name.startswith("is_") or name == "kind_was_asked"),
        ("how often it is used", lambda name: name == "used_by"),
        ("how the query is written", lambda name: name.startswith(("query_", "candidates"))),
    ]
    found: dict[str, list[str]] = {label: [] for label, _ in rules}
    for name in names:
        found[next(label for label, holds in rules if holds(name))].append(name)
    return found


def ablate(
    data: Candidates,
    with_all: np.ndarray,
    run: Callable[[list[int]], np.ndarray],
) -> str:
    """A table with one row for each group that is left out; rows are printed as they come.

    `run` trains on some columns of the features, and gives the nDCG@10 of each query of `data`.
    """
    rows = [["", len(data.feature_names), str(estimate(with_all, data.names)), ""]]
    for label, left_out in groups(data.feature_names).items():
        kept = [at for at, name in enumerate(data.feature_names) if name not in left_out]
        values = run(kept)
        difference = estimate(values - with_all, data.names).signed()
        rows.append([f"… {label}", len(kept), str(estimate(values, data.names)), difference])
        print(*rows[-1], sep=" | ", flush=True)
    return markdown_table(["without", "features", "nDCG@10", "difference"], rows)
