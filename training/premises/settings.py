"""What was chosen on held-out theorems; `training/premises/README.md` has the figures behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EncoderSettings:
    seed: int = 0
    steps: int = 2000
    # Theorems in a batch, half of them with a docstring; each is told from the premises of the others.
    batch: int = 512
    with_docstring: float = 0.5
    # Declarations that are added to every batch as wrong answers: half of them drawn evenly, half
    # by the square root of how often they are used.
    random_negatives: int = 3072
    learning_rate: float = 2e-3
    # The inverse temperature that training starts from; it is learned.
    scale: float = 20.0
    # A premise that is used n times is drawn by (1 + n) to the power of -rarity.
    rarity: float = 0.5
    # What a theorem counts as a premise, against a definition or an instance.
    theorem_premise: float = 1.5
    # What a premise of the theorem's own module counts: a new theorem's file is not in the index.
    own_module: float = 0.3
    # Chances that a theorem's name, docstring, type and binders are seen, and how much of the words
    # of all is left out, on average.
    keep_name: float = 0.5
    keep_docstring: float = 0.9
    keep_type: float = 0.85
    keep_binders: float = 0.85
    word_dropout: float = 0.3
    # The share of training after which the weights are averaged, and how slowly.
    average_from: float = 0.5
    average_decay: float = 0.99


# How many distinct words count of each field of a theorem. The binders stand for the whole statement.
LONGEST = {
    "query": 1,
    "name": 24,
    "docstring": 96,
    "informal": 1,
    "type": 64,
    "binders": 96,
    "module": 1,
}

RANKER_SETTINGS = {
    "objective": "lambdarank",
    "label_gain": [0, 1, 2, 4],
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "lambdarank_truncation_level": 30,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}
RANKER_ROUNDS = 100
