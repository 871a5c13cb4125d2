"""The words that the encoder has vectors for.

The rule of `entries` is that of `src/models/encoder-vocabulary.ts`; a test compares the two.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

# How many distinct words count of a query and of each field.
LONGEST = {
    "query": 64,
    "name": 24,
    "docstring": 64,
    "informal": 64,
    "type": 48,
    "binders": 24,
    "module": 8,
}


class Vocabulary:
    """Ids count from 1, as 0 pads."""

    def __init__(self, words: Sequence[str]):
        self.words = list(words)
        self._ids = {word: at + 1 for at, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words) + 1

    def entries(self, text: Sequence[str], longest: int) -> list[int]:
        """The ids of the first distinct words, in the order of the text."""
        return [self._ids[word] for word in dict.fromkeys(text) if word in self._ids][:longest]


def build_vocabulary(
    documents: Iterable[dict[str, list[str]]], queries: Iterable[Sequence[str]]
) -> tuple[Vocabulary, Counter]:
    """The words that two texts share, and how many documents have each."""
    frequency: Counter = Counter()
    for fields in documents:
        frequency.update({word for words in fields.values() for word in words})
    in_queries = Counter(word for query in queries for word in set(query))
    seen = sorted(set(frequency) | set(in_queries))
    return Vocabulary([w for w in seen if frequency[w] + in_queries[w] >= 2]), frequency
