"""The cards of the two models."""

from dataclasses import asdict

from common.markdown import markdown_table

from .corpus import Corpus
from .examples import COMMON, LEAST_DOCSTRING, MOST_USED_BY, Candidates
from .settings import RANKER_ROUNDS, RANKER_SETTINGS, EncoderSettings
from .theorems import Theorems

LICENCE = "Licence of the model: Apache-2.0."


def encoder_card(
    corpus: Corpus, theorems: Theorems, settings: EncoderSettings, words: int, table: str
) -> str:
    chosen = markdown_table(["setting", "value"], list(asdict(settings).items()))
    teaching = theorems.may_teach
    return f"""# Premise encoder

Turns a theorem into a vector of {corpus.vectors.shape[1]} numbers and length 1 that comes near the
vectors of the declarations that its proof needs. Those are the static encoder's
(`models/encoder`, fingerprint `{corpus.encoder}`) and stay as they are. The model has the static
encoder's form, vocabulary ({words:,} words) and starting point; a theorem's name, informal statement,
conclusion and whole statement stand in for a declaration's name, docstring, type and binders.

Made by `python -m premises.train` in `training/`, from nothing but the data below.

## Data

Mathlib at v4.28.0-rc1: {int(teaching.sum()):,} theorems,
{int((teaching & theorems.has_docstring).sum()):,} of them with a docstring, each with what its source
text refers to. Apache-2.0. Theorems of a sixth of the modules are held out. MathlibQR's targets,
MathlibMPR's theorems and premises, and what Lean generated from any of them were neither asked with
nor asked for.

{LICENCE}

## Figures

The share of the three rarest premises of a held-out theorem that are among the nearest declarations,
in percent with 95 % intervals. A premise is a theorem that fewer than {COMMON} declarations refer to.
The theorems have a docstring of at least {LEAST_DOCSTRING} characters, and at most {MOST_USED_BY}
declarations refer to them.

{table}

## Settings

{chosen}
"""


def ranker_card(data: Candidates, encoder: str, table: str) -> str:
    chosen = markdown_table(["setting", "value"], [*RANKER_SETTINGS.items(), ("rounds", RANKER_ROUNDS)])
    return f"""# Premise ranker

Orders the declarations that a theorem's proof may need: {RANKER_ROUNDS} regression trees over
{len(data.feature_names)} features of a theorem and a candidate, trained by LambdaMART (LightGBM).
`src/premises/without-model/premise-features.ts` computes the features, at training time and for every
theorem. It goes with the premise encoder `{encoder}`.

Made by `python -m premises.train` in `training/`, from nothing but the data below.

## Data

{len(data.sizes):,} theorems of Mathlib at v4.28.0-rc1 (Apache-2.0) from the modules that the premise
encoder did not learn from, with {len(data.features):,} candidates. Hidden from each: itself, what
refers to it, and what comes after it in its module; other theorems of its module have no vote as
neighbours. A premise's grade is 3 where fewer than 20 other declarations refer to it, 2 below 100, 1
below {COMMON}, else 0. No label comes from MathlibQR's targets, MathlibMPR's theorems and premises,
or what Lean generated from any of them.

{LICENCE}

## Figures

The share of a theorem's three rarest premises among the first, in percent with 95 % intervals, by
5-fold cross-validation over modules.

{table}

## Settings

{chosen}
"""
