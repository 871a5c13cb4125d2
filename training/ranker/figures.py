"""nDCG@10 and its uncertainty, over queries with one wanted declaration each."""

from dataclasses import dataclass

import numpy as np

from common.data import STYLES
from common.markdown import markdown_table

from .features import Candidates

RESAMPLES = 4000


def linear_scores(data: Candidates) -> np.ndarray:
    """Scores that keep the order of the export, which is the linear ranker's."""
    return -np.concatenate([np.arange(size) for size in data.sizes]).astype(np.float32)


def gains(data: Candidates, scores: np.ndarray) -> np.ndarray:
    """nDCG@10 of each query: 1 / log2(place + 1) up to the 10th place, else 0.

    The wanted declaration counts as standing above those that score as high; such are rare.
    """
    starts = np.concatenate([[0], np.cumsum(data.sizes)])
    of_wanted = np.where(data.wanted >= 0, scores[starts[:-1] + np.maximum(data.wanted, 0)], np.inf)
    above = np.add.reduceat(scores > np.repeat(of_wanted, data.sizes), starts[:-1])
    return gains_of_places(np.where(data.wanted >= 0, above + 1, 0))


def gains_of_places(places: np.ndarray) -> np.ndarray:
    """nDCG@10 of each place; a place counts from 1, and 0 means that it was not found."""
    is_found = (places > 0) & (places <= 10)
    return np.where(is_found, 1 / np.log2(np.where(is_found, places, 1) + 1), 0.0)


@dataclass(frozen=True)
class Estimate:
    """A mean over queries, with the 95 % interval of a bootstrap that draws declarations."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def signed(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def estimate(values: np.ndarray, names: list[str]) -> Estimate:
    """The percentile bootstrap; a declaration's queries are drawn together, as they are alike."""
    _, owner = np.unique(names, return_inverse=True)
    sums = np.bincount(owner, weights=values)
    counts = np.bincount(owner)
    drawn = np.random.default_rng(0).integers(0, len(sums), (RESAMPLES, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))


def by_style(data: Candidates, values: np.ndarray) -> dict[str, Estimate]:
    """Of all queries, and of each style."""
    styles, names = np.array(data.styles), np.array(data.names)
    estimates = {"all": estimate(values, data.names)}
    for style in STYLES:
        of_style = styles == style
        estimates[style] = estimate(values[of_style], list(names[of_style]))
    return estimates


def style_table(data: Candidates, runs: dict[str, np.ndarray]) -> str:
    """nDCG@10 by style, one column a run."""
    styles = np.array(data.styles)
    columns = [by_style(data, values) for values in runs.values()]
    rows = [
        [style, len(styles) if style == "all" else int((styles == style).sum())]
        + [str(column[style]) for column in columns]
        for style in ("all", *STYLES)
    ]
    return markdown_table(["queries", "number", *runs], rows)
