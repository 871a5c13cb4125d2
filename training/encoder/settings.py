"""What was chosen on the validation split; `training/README.md` has the figures behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    seed: int = 0
    dimensions: int = 256
    # Width of the layer that corrects the sum of the words.
    hidden: int = 512
    steps: int = 1200
    # Queries in a batch; each is told from the declarations of all the others.
    batch: int = 1024
    # Declarations drawn at random that are added to every batch as wrong answers.
    random_negatives: int = 2048
    learning_rate: float = 3e-3
    # The inverse temperature that training starts from; it is learned.
    scale: float = 20.0
    # Shares of the kinds of query in a batch.
    written: float = 0.2
    informal_name: float = 0.07
    informal_description: float = 0.06
    alias: float = 0.04
    docstring: float = 0.28
    name: float = 0.10
    type: float = 0.10
    # Share of a query's words that is left out, on average; texts of the corpus lose more.
    query_dropout: float = 0.25
    # Chance that a field of a declaration is left out, and that an entry of it is.
    field_dropout: float = 0.15
    entry_dropout: float = 0.15
    # The share of training after which the weights are averaged, and how slowly.
    average_from: float = 0.5
    average_decay: float = 0.99
