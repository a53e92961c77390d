"""Mistyped names of the data, "platnium": who is meant is asked, and never guessed."""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from planner.understand.names import Known, Pair
from planner.understand.normalise import normalise

_KINDS = ("city", "membership_tier", "tag")
_SHORTEST = 5
_LONG = 8
"""Letters from which two slips are forgiven."""
_WORD = re.compile(f"[a-z]{{{_SHORTEST},}}")


@lru_cache(maxsize=8)
def _names(known: Known) -> dict[str, tuple[Pair, ...]]:
    table: dict[str, tuple[Pair, ...]] = {}
    for kind in _KINDS:
        for value in known.catalogue.values.get(kind, ()):
            form = normalise(value.name).form
            if _WORD.fullmatch(form):
                table[form] = (*table.get(form, ()), (kind, value.name))
    return table


def _is_another(word: str, name: str) -> bool:
    """Whether a consonant stands in another's place, so that it is another word: Taiwan, Tainan."""
    if len(word) != len(name) or sorted(word) == sorted(name):
        return False
    differ = [pair for pair in zip(word, name, strict=True) if pair[0] != pair[1]]
    return any(set(pair) - set("aeiouy") for pair in differ)


def near_names(word: str, known: Known) -> tuple[Pair, ...]:
    """The known names, of one kind, that a mistyped Latin word may be, the nearest first."""
    if not _WORD.fullmatch(word):
        return ()
    most = 2 if len(word) >= _LONG else 1
    found = process.extract(
        word, list(_names(known)), scorer=OSA.distance, score_cutoff=most, limit=3
    )
    slips = [text for text, *_ in found if text[0] == word[0] and not _is_another(word, text)]
    pairs = [pair for text in slips for pair in _names(known)[text]]
    return tuple(pair for pair in pairs if pair[0] == pairs[0][0])
