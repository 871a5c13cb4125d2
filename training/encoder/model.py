"""The encoder: a weighted sum of the vectors of a text's entries, corrected by a small network."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from common.data import FIELDS

from .examples import DocumentBatch, QueryBatch
from .settings import Settings

# What the fields weigh at the start, in the order of FIELDS.
FIRST_FIELD_WEIGHTS = (1.2, 1.0, 1.0, 0.6, 0.2, 0.3)


class Encoder(nn.Module):
    """One vector an entry for queries and declarations; one weight an entry for each of the two.

    An entry of a declaration's field f weighs exp(document_weight + field_weight[f]) / n^power[f],
    where n is how many entries the field has; one of a query weighs exp(query_weight). The sum, cut
    to length 1, goes through one hidden layer whose output is added to it: what words mean together
    is more than their sum. Queries and declarations enter that layer with different offsets.
    """

    def __init__(self, settings: Settings, rarity: np.ndarray):
        super().__init__()
        vectors = torch.randn(len(rarity), settings.dimensions) * 0.05
        # Padding adds nothing to a sum.
        vectors[0] = 0
        self.vectors = nn.Parameter(vectors)
        weight = torch.tensor(rarity / rarity.mean(), dtype=torch.float32).clamp(min=0.05).log()
        self.query_weight = nn.Parameter(weight.clone())
        self.document_weight = nn.Parameter(0.7 * weight)
        self.field_weight = nn.Parameter(torch.tensor(FIRST_FIELD_WEIGHTS).log())
        self.power = nn.Parameter(torch.full((len(FIELDS),), 0.5))
        self.offsets = nn.Parameter(torch.zeros(2, settings.dimensions))
        self.hidden = nn.Linear(settings.dimensions, settings.hidden)
        self.correction = nn.Linear(settings.hidden, settings.dimensions)
        nn.init.zeros_(self.correction.weight)
        nn.init.zeros_(self.correction.bias)
        self.scale = nn.Parameter(torch.tensor(float(np.log(settings.scale))))

    def queries(self, batch: QueryBatch) -> torch.Tensor:
        total = self._sum(batch.ids, batch.starts, self.query_weight[batch.ids])
        return self._corrected(total, self.offsets[0])

    def documents(self, batch: DocumentBatch) -> torch.Tensor:
        weights = self.document_weight[batch.ids] + self.field_weight[batch.fields]
        weights = weights - self.power[batch.fields] * batch.lengths
        return self._corrected(self._sum(batch.ids, batch.starts, weights), self.offsets[1])

    def _sum(self, ids: torch.Tensor, starts: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        total = functional.embedding_bag(
            ids, self.vectors, starts, mode="sum", per_sample_weights=weights.exp()
        )
        return functional.normalize(total, dim=-1)

    def _corrected(self, total: torch.Tensor, offset: torch.Tensor) -> torch.Tensor:
        correction = self.correction(functional.relu(self.hidden(total + offset)))
        return functional.normalize(total + correction, dim=-1)


def contrastive_loss(
    queries: torch.Tensor, documents: torch.Tensor, rows: np.ndarray, scale: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of finding each query's declaration among the batch's, and the other way round.

    The symmetric loss of CLIP (Radford et al. 2021, section 2.3), with the way back weighing less,
    as search only goes one way. Declarations that stand in the batch twice are not told from
    themselves.
    """
    count = len(queries)
    logits = scale.clamp(max=4.0).exp() * (queries @ documents.T)
    same = torch.from_numpy(rows[:count, None] == rows[None, :])
    same[torch.arange(count), torch.arange(count)] = False
    logits = logits.masked_fill(same, -1e4)
    right = torch.arange(count)
    back = functional.cross_entropy(logits[:, :count].T, right)
    return functional.cross_entropy(logits, right) + 0.3 * back
