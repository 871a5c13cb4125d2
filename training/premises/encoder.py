"""The premise encoder: a static encoder whose vectors of theorems come near their premises'."""

import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from common.data import FIELDS
from encoder.model import Encoder
from encoder.settings import Settings
from encoder.vocabulary import Vocabulary

from .corpus import Corpus
from .settings import EncoderSettings
from .theorems import Sampler, Theorems

# What the fields weigh at the start, in the order of FIELDS.
FIRST_FIELD_WEIGHTS = {"name": 0.8, "docstring": 1.0, "type": 1.2, "binders": 0.6}


def read_vocabulary(encoder: Path) -> Vocabulary:
    return Vocabulary((encoder / "vocabulary.txt").read_text(encoding="utf-8").splitlines())


def from_static_encoder(folder: Path, vocabulary: Vocabulary, settings: EncoderSettings) -> Encoder:
    """A model that starts where the static encoder ends, reading theorems as that reads queries."""
    graph = onnx.load(str(folder / "encoder.onnx")).graph
    trained = {
        constant.name: torch.from_numpy(numpy_helper.to_array(constant).copy())
        for constant in graph.initializer
    }
    hidden, dimensions = trained["hidden_weights"].shape
    shape = Settings(dimensions=dimensions, hidden=hidden, scale=settings.scale)
    model = Encoder(shape, np.ones(len(vocabulary)))
    of_query = trained["weights"].reshape(2, -1)[0]
    first = torch.tensor([FIRST_FIELD_WEIGHTS.get(field, 1.0) for field in FIELDS]).log()
    with torch.no_grad():
        model.vectors.copy_(trained["rows"].float() * trained["factors"][:, None])
        model.query_weight.copy_(of_query)
        model.document_weight.copy_(of_query)
        model.field_weight.copy_(first)
        model.hidden.weight.copy_(trained["hidden_weights"])
        model.hidden.bias.copy_(trained["hidden_bias"])
        model.correction.weight.copy_(trained["correction_weights"])
        model.correction.bias.copy_(trained["correction_bias"])
        model.offsets.copy_(trained["offsets"][[0, 0]])
    return model


def train_encoder(
    model: Encoder, corpus: Corpus, theorems: Theorems, settings: EncoderSettings
) -> Encoder:
    """The model whose weights are averaged over the later part of training.

    Each theorem is to tell one of its premises from the other declarations of the batch
    (InfoNCE, van den Oord et al. 2018). The declarations' vectors stay as they are.
    """
    torch.manual_seed(settings.seed)
    declarations = torch.from_numpy(corpus.vectors)
    sampler = Sampler(settings, corpus, theorems)
    averaged = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average_decay)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 50) * (1 - 0.95 * step / settings.steps)
    )
    started, losses = time.time(), []
    for step in range(settings.steps):
        batch = sampler.draw()
        vectors = model.documents(batch.theorems)
        scale = model.scale.clamp(max=4.0).exp()
        logits = scale * (vectors @ declarations[torch.from_numpy(batch.declarations)].T)
        logits = logits.masked_fill(torch.from_numpy(batch.is_also_right), -1e4)
        loss = functional.cross_entropy(logits, torch.arange(len(vectors)))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step >= settings.average_from * settings.steps:
            averaged.update_parameters(model)
        if (step + 1) % 200 == 0:
            mean, seconds = np.mean(losses[-200:]), time.time() - started
            print(f"step {step + 1}: loss {mean:.3f}, {seconds:.0f} s", flush=True)
    return averaged.module
