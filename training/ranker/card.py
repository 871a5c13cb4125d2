"""The ranker's card."""

from common.markdown import markdown_table

from .features import Candidates


def card(data: Candidates, settings: dict[str, object], rounds: int, asked: int, table: str) -> str:
    chosen = markdown_table(["setting", "value"], [*settings.items(), ("rounds", rounds)])
    return f"""# Ranker

Orders the candidates of a query: {rounds} regression trees over {len(data.feature_names)} features
of a query and a candidate, trained by LambdaMART (LightGBM) to put the wanted declaration first.
`src/search/features.ts` computes the features, at training time and for every search.

Made by `python -m ranker.train` in `training/`, from nothing but the data below.

## Data

{len(data.sizes):,} written queries for {len(set(data.names)):,} training declarations
(`training/common/split.py`), each with at most 400 candidates from all of Mathlib at v4.28.0-rc1;
for {int((data.wanted >= 0).sum()):,} of them the wanted declaration is a candidate. Each was asked with an encoder that
learned nothing about its declaration (`training/encoder/cross_fit.py`). Apache-2.0, written for this
project. No MathlibQR target and no theorem or premise of MathlibMPR is among them.

Licence of the model: Apache-2.0.

## Figures

nDCG@10 over {asked:,} queries for validation declarations, about which neither this model nor the
shipped encoder learned anything; with 95 % intervals from a bootstrap over declarations.

{table}

## Settings

{chosen}
"""
