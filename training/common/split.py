"""Which declarations are for training and which for validation. One rule for every model."""

import hashlib

# Of the training declarations, for cross-fitting: see `encoder/cross_fit.py`.
PARTS = 4


def is_validation(name: str) -> bool:
    """Whether a declaration is held out: a quarter of them are, by the first byte of a hash."""
    return hashlib.sha256(name.encode("utf-8")).digest()[0] < 64


def part_of(name: str) -> int:
    """Which of the PARTS a training declaration belongs to, by the second byte of that hash."""
    return hashlib.sha256(name.encode("utf-8")).digest()[1] % PARTS
