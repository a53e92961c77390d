"""Mistyped words of the vocabulary: "custmers" is read as "customers", names never are."""

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick
from rapidfuzz import process
from rapidfuzz.distance import OSA

from planner.understand.vocabulary import Form, automaton, forms

_WORD = re.compile(r"[a-z']+(?=[ ,.!?;]|$)")
_WORDS = 4
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
    if len(word) == _SHORTEST - 1 and word.isascii() and word.isalpha():
        return _transposed(word)
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return ()
    return _nearest(word, _choices(), 2 if len(word) >= _LONG else 1)


def _transposed(word: str) -> tuple[Form, ...]:
    """Two letters the wrong way round, in a word that says something."""
    swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1))
    found = [forms()[text] for text in swapped if text in forms()]
    tells = [e for e in found if all(getattr(f.meaning, "role", "") != "fill" for f in e)]
    return tells[0] if len(tells) == 1 else ()


def _nearest(word: str, choices: tuple[str, ...], most: int) -> tuple[Form, ...]:
    near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=4)
    near = [found for found in near if found[0][0] == word[0]]
    if not near:
        return ()
    best = [text for text, distance, _ in near if distance == near[0][1]]
    meanings = {tuple(sorted(f.meaning.name for f in forms()[text])) for text in best}  # type: ignore[union-attr]
    if meanings == {("fill",)} and not any(_is_a_slip(word, text) for text in best):
        return ()
    return forms()[best[0]] if len(meanings) == 1 else ()


def _is_a_slip(word: str, text: str) -> bool:
    """Whether letters are missing, doubled or in the wrong order: staff is no slip for "stuff"."""
    return len(word) != len(text) or sorted(word) == sorted(text)


@cache
def _gapped() -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Forms of two to four Latin words by all of their words but one, and the word left out."""
    table: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for text in forms():
        words = text.split(" ")
        if not (text.isascii() and 2 <= len(words) <= _WORDS):
            continue
        for place, word in enumerate(words):
            if word.isalpha() and len(word) >= _SHORTEST:
                key = (*words[:place], "", *words[place + 1 :])
                table.setdefault(key, []).append((word, text))
    return {key: tuple(found) for key, found in table.items()}


def misspelt(form: str) -> Iterator[tuple[int, int, tuple[Form, ...]]]:
    """Places of phrases with one mistyped word, "avg ordr value", and what they must mean."""
    words = [match.span() for match in _WORD.finditer(form)]
    for place, (start, end) in enumerate(words):
        word = form[start:end]
        if not word.isalpha() or len(word) < _SHORTEST - 1 or word in forms():
            continue
        for first in range(max(0, place - _WORDS + 1), place + 1):
            for last in range(max(place, first + 1), min(first + _WORDS, len(words))):
                said = [form[s:e] for s, e in words[first : last + 1]]
                said[place - first] = ""
                for meant_word, text in _gapped().get(tuple(said), ()):
                    if word[0] == meant_word[0] and OSA.distance(word, meant_word) == 1:
                        yield words[first][0], words[last][1], forms()[text]


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
