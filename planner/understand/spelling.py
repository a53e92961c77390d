"""Mistyped words of the vocabulary: "custmers" is read as "customers", names never are."""

from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from planner.understand.vocabulary import Form, forms

_SHORTEST = 5
"""Letters of a word that is looked up; shorter ones are near too many others."""
_LONG = 8
"""Letters from which two slips are forgiven."""


@cache
def _words() -> dict[str, tuple[Form, ...]]:
    return {
        text: entries
        for text, entries in forms().items()
        if text.isascii() and text.isalpha() and len(text) >= _SHORTEST
    }


@cache
def _choices() -> tuple[str, ...]:
    return tuple(sorted(_words()))


def meant(word: str) -> tuple[Form, ...]:
    """What a mistyped Latin word must mean: the meanings of the one nearest word, if any."""
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return ()
    most = 2 if len(word) >= _LONG else 1
    near = process.extract(word, _choices(), scorer=OSA.distance, score_cutoff=most, limit=4)
    near = [found for found in near if found[0][0] == word[0]]
    if not near:
        return ()
    best = [text for text, distance, _ in near if distance == near[0][1]]
    meanings = {tuple(sorted(f.meaning.name for f in _words()[text])) for text in best}  # type: ignore[union-attr]
    return _words()[best[0]] if len(meanings) == 1 else ()
