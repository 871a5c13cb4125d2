"""Encoders for training the ranker: each learned nothing about one part of the declarations.

On queries that an encoder learned from, its similarities are better than a user will ever see, and a
ranker trained on them would trust them too much. So the training declarations fall into PARTS
parts, and one encoder a part is trained on the others, with the settings of the shipped one. All are
as ignorant of the validation declarations as that is.

`python -m ranker.train` does this on its own account; `python -m encoder.cross_fit`, in the folder
`training`, does it alone.
"""

import argparse
from pathlib import Path

import torch

from common.data import DEFAULT_BENCHMARKS, DEFAULT_CORPUS, DEFAULT_QUERIES, hold_out, load
from common.product import WORK
from common.split import PARTS, is_validation, part_of

from .evaluate import Validation, table
from .settings import Settings
from .train import fit, write_encoder


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains one encoder for each part.")
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--queries", type=Path, default=DEFAULT_QUERIES)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT_BENCHMARKS)
    parser.add_argument("--threads", type=int, default=1, help="more help on idle cores alone")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cross_fit(options.corpus, options.queries, options.benchmarks)


def models_without(part: int) -> Path:
    """The models folder whose encoder learned nothing about a part."""
    return WORK / f"without-part-{part}"


def cross_fit(corpus: Path, queries: Path, benchmarks: Path) -> None:
    """Writes all the models folders, and prints each encoder's figures on what it did not see."""
    source = load(corpus, queries, benchmarks)
    settings = Settings()
    for part in range(PARTS):

        def is_held_out(name: str, part: int = part) -> bool:
            return is_validation(name) or part_of(name) == part

        data = hold_out(source, is_held_out)
        fitted = fit(settings, data)
        print(table(Validation(data, fitted.vocabulary).evaluate(fitted.model, fitted.documents)))
        folder = models_without(part) / "encoder"
        text = f"# Static encoder without part {part}\n\nFor `training/ranker` alone."
        print(write_encoder(folder, settings, fitted, text), flush=True)


if __name__ == "__main__":
    main()
