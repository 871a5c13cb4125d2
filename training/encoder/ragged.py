"""Lists of unequal lengths in flat arrays, from which batches are cut without loops."""

import numpy as np


class Ragged:
    """Rows of ids, and a label for each id where labels are given."""

    def __init__(self, rows: list[list[int]], labels: list[list[int]] | None = None):
        self.lengths = np.array([len(row) for row in rows], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)])
        total = int(self.starts[-1])
        self.ids = np.fromiter((i for row in rows for i in row), np.int64, total)
        self.labels = (
            np.zeros(total, dtype=np.int64)
            if labels is None
            else np.fromiter((i for row in labels for i in row), np.int64, total)
        )

    def __len__(self) -> int:
        return len(self.lengths)

    def positions(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the ids of these rows lie, and to which of the rows each belongs."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        owner = np.repeat(np.arange(len(rows)), lengths)
        within = np.arange(len(owner)) - (ends - lengths)[owner]
        return self.starts[rows][owner] + within, owner


def starts_of(owner: np.ndarray, rows: int) -> np.ndarray:
    """Where each row starts, given the sorted owners of the ids; rows may be empty."""
    counts = np.bincount(owner, minlength=rows)
    return np.concatenate([[0], np.cumsum(counts)[:-1]])


def log_field_lengths(labels: np.ndarray, owner: np.ndarray, fields: int) -> np.ndarray:
    """For each id, the natural logarithm of how many ids its row has in its field."""
    key = owner * fields + labels
    return np.log(np.bincount(key)[key]).astype(np.float32)
