"""Mistyped words of the vocabulary: "custmers" is read as "customers", names never are."""

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick
from rapidfuzz import process
from rapidfuzz.distance import OSA

from planner.understand.vocabulary import Form, automaton, forms

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_SHORTEST = 5
"""Letters of a word that is looked up; shorter ones are near too many others."""
_KATAKANA = re.compile("[\u30a1-\u30fc]{4,}")
_LONG = 8
"""Letters from which two slips are forgiven."""
_THAI = re.compile("[\u0e01-\u0e4e]")
_THAI_SIGNS = re.compile("[\u0e47-\u0e4c]")
"""Signs of tone and shortness and of silent letters, which are often written wrongly."""
_BARE_SHORTEST = 4
"""Thai letters without signs of a word that is looked up."""


@cache
def _choices() -> tuple[str, ...]:
    latin = (text for text in forms() if text.isascii() and text.isalpha())
    return tuple(sorted(text for text in latin if len(text) >= _SHORTEST))


@cache
def _katakana() -> tuple[str, ...]:
    return tuple(sorted(text for text in forms() if _KATAKANA.fullmatch(text)))


def meant(word: str) -> tuple[Form, ...]:
    """What a mistyped Latin word must mean: the meanings of the one nearest word, if any."""
    plain = _DRAWN_OUT.sub(r"\1", word)
    if plain != word and plain in forms() and word.isascii():
        return forms()[plain]  # "hiii", "pleaseee"
    if _KATAKANA.fullmatch(word):
        return _nearest(word, _katakana(), 1)
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return ()
    return _nearest(word, _choices(), 2 if len(word) >= _LONG else 1)


def _nearest(word: str, choices: tuple[str, ...], most: int) -> tuple[Form, ...]:
    near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=4)
    near = [found for found in near if found[0][0] == word[0]]
    if not near:
        return ()
    best = [text for text, distance, _ in near if distance == near[0][1]]
    meanings = {tuple(sorted(f.meaning.name for f in forms()[text])) for text in best}  # type: ignore[union-attr]
    return forms()[best[0]] if len(meanings) == 1 else ()


@cache
def _bare() -> ahocorasick.Automaton:
    """Finds Thai words whatever their signs, but for those that differ in nothing else."""
    table: dict[str, list[tuple[Form, ...]]] = {}
    for text, entries in forms().items():
        bare = _THAI_SIGNS.sub("", text)
        if len(bare) >= _BARE_SHORTEST and _THAI.match(bare) and len(entries) == 1:
            table.setdefault(bare, []).append(entries)
    alike = {bare: {found[0].meaning.name for found in held} for bare, held in table.items()}  # type: ignore[union-attr]
    return automaton((bare, held[0]) for bare, held in table.items() if len(alike[bare]) == 1)


def missigned(form: str) -> Iterator[tuple[int, int, tuple[Form, ...]]]:
    """Places of Thai words with wrong signs, บล้อค for บล็อค, and the words that they are."""
    places = [place for place, char in enumerate(form) if not _THAI_SIGNS.match(char)]
    bare = "".join(form[place] for place in places)
    places.append(len(form))
    for end, (text, entries) in _bare().iter(bare):
        start, after = places[end + 1 - len(text)], places[end + 1]
        if form[start:after] not in forms():
            yield start, after, entries
