"""The premise ranker: gradient-boosted trees that put the rarer premises of a proof first."""

import hashlib

import lightgbm
import numpy as np

from .examples import Candidates
from .settings import RANKER_ROUNDS, RANKER_SETTINGS

FOLDS = 5
DEPTHS = (10, 50)


def train_ranker(data: Candidates, theorems: np.ndarray, threads: int) -> lightgbm.Booster:
    """Learns from those of the theorems that have any premise among their candidates."""
    starts = np.concatenate([[0], np.cumsum(data.sizes)])
    learned = np.array([t for t in theorems if data.grades[starts[t] : starts[t + 1]].any()])
    rows = data.rows(learned)
    dataset = lightgbm.Dataset(data.features[rows], data.grades[rows], group=data.sizes[learned])
    settings = {**RANKER_SETTINGS, "num_threads": threads}
    return lightgbm.train(settings, dataset, RANKER_ROUNDS)


def cross_validate(data: Candidates, threads: int) -> np.ndarray:
    """Scores of all rows, each by trees that saw no theorem of its module."""
    folds = np.array([hashlib.sha256(m.encode("utf-8")).digest()[1] % FOLDS for m in data.modules])
    scores = np.zeros(len(data.features))
    for fold in range(FOLDS):
        booster = train_ranker(data, np.flatnonzero(folds != fold), threads)
        rows = data.rows(np.flatnonzero(folds == fold))
        scores[rows] = booster.predict(data.features[rows])
    return scores


def fusion_scores(data: Candidates) -> np.ndarray:
    """The plain fusion of `src/premises/without-model/fuse.ts`, from the places among the features."""
    places = [2 ** data.column(f"{text}_place") for text in ("statement", "informal")]
    return sum(1 / (10 + place) for place in places)


def recalls(data: Candidates, scores: np.ndarray) -> np.ndarray:
    """For each theorem and depth: which share of its three rarest premises stands above it.

    Theorems without any premise outside of what is hidden do not count.
    """
    starts = np.concatenate([[0], np.cumsum(data.sizes)])
    values = []
    for theorem, rarest in enumerate(data.rarest):
        if not rarest:
            continue
        own = scores[starts[theorem] : starts[theorem + 1]]
        places = [np.inf if row < 0 else (own > own[row]).sum() for row in rarest]
        values.append([np.mean([place < depth for place in places]) for depth in DEPTHS])
    return np.array(values)
