"""Which declarations are for training and which for validation. One rule for every model."""

import hashlib


def is_validation(name: str) -> bool:
    """Whether a declaration is held out: a quarter of them are, by the first byte of a hash."""
    return hashlib.sha256(name.encode("utf-8")).digest()[0] < 64
