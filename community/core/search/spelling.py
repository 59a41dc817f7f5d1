"""A better spelling of English words, taken from the words the index itself holds."""

import re
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .analyzer import plain_words
from .query import Query

FEW = 3  # hits; with fewer a suggestion is looked for
_OFTENER = 10  # a known word gives way only to one found this many times as often


def _distance(word: str) -> int:
    return 1 if len(word) < 6 else 2


def correct_word(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the likeliest word of the vocabulary (word: documents) one or two slips away, or None."""
    limit = _distance(word)
    near = process.extract(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=limit, limit=20)
    least = vocabulary.get(word, 0) * _OFTENER
    ranked = sorted(
        (distance, other[0] != word[0], -vocabulary[other], other)
        for other, distance, _ in near
        if other != word and vocabulary[other] > least
    )
    return str(ranked[0][3]) if ranked else None


def suggest(query: Query, vocabulary: Mapping[str, int]) -> str | None:
    """Return the query's text with its unknown English words corrected, None when nothing is better."""
    text = query.text
    for word in dict.fromkeys(plain_words(query.words)):
        better = correct_word(word, vocabulary)
        if better:
            text = re.sub(rf"(?<![\w:]){re.escape(word)}(?!\w)", better, text, flags=re.IGNORECASE | re.ASCII)
    return text if text != query.text else None
