"""The encoder's card."""

from dataclasses import asdict

from common.data import TrainingData
from common.markdown import markdown_table

from .evaluate import Figures, table
from .settings import Settings


def card(
    settings: Settings,
    data: TrainingData,
    texts: dict[str, int],
    entries: int,
    figures: dict[str, Figures],
    fingerprints: dict[str, str],
) -> str:
    kinds = "\n".join(f"  - {kind.replace('_', ' ')}: {count:,}" for kind, count in texts.items())
    chosen = markdown_table(["setting", "value"], list(asdict(settings).items()))
    made_from = markdown_table(
        ["fingerprint of", "value"],
        [
            ["the corpus", f"`{fingerprints['corpus']}`"],
            ["the words of `src/text`", f"`{fingerprints['vocabulary']}`"],
        ],
    )
    return f"""# Static encoder

Turns a query or a declaration into a vector of {settings.dimensions} numbers and length 1; the
scalar product of two says how well they fit. The vector is a weighted sum of the vectors of the
text's distinct words, corrected by one hidden layer of {settings.hidden} units. Each of the
{entries:,} words has one vector, a weight for queries and one for declarations; a declaration's
fields have weights of their own. The words are those of the product's `src/text`.

Made by `python -m encoder.train` in `training/`, from nothing but the data below.

## Data

- Mathlib at v4.28.0-rc1, {len(data.names):,} declarations: names, docstrings and types as texts
  about their declarations. Apache-2.0.
- Written queries and informal texts for {len(data.training):,} training declarations, and the
  {len(data.starter):,} usable ones of the embedded starter corpus. Apache-2.0, written for this
  project.
- Texts in all:
{kinds}

Nothing was learned about MathlibQR's targets, MathlibMPR's theorems and premises, the validation
declarations, or what Lean generated from any of them: they serve as wrong answers alone.

{made_from}

Licence of the model: Apache-2.0.

## Figures

Queries of the {len(data.validation):,} validation declarations (`training/common/split.py`) against
all {len(data.names):,} declarations, by the vectors alone:

{table(figures)}

## Settings

{chosen}
"""
