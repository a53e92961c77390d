"""The words of all languages: forms in TOML files, found in a text all at once.

A form may have alternatives in round brackets and optional parts in square ones:
"(haven't|did not) buy [anything]". A hyphen also stands for a space or nothing. A Japanese verb
before ~ stands for all its forms: 届く~ is 届く, 届いた, 届いて, 届き, 届か.
"""

import contextlib
import gc
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import ahocorasick

from planner.understand.japanese import conjugated, in_hiragana, in_katakana
from planner.understand.normalise import normalise

LANGUAGES = ("en", "zh-Hant", "ja", "th")
_MARKS = frozenset(map(chr, [0xE31, *range(0xE34, 0xE3B), *range(0xE47, 0xE4F)]))
_ALONE = re.compile(r"\(([^()\[\]|])\)")
"""A bracket around one letter, which normalising might take for an aside: (含)."""
_BRACKET = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_LEADING = frozenset("เแโใไ")
"""Thai vowels that are written before the letter they belong to: no word ends with one."""
_COUNTED = re.compile("(?<=[a-z]{3})[0-9][0-9.,]*[\u3041-\u9fff]")
"""A number set right after a Latin word: LINE3回開封."""
_LATIN = re.compile(r"[a-z0-9\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Concept:
    """What a form means: a name, a role in the sentence, and that role's particulars."""

    name: str
    role: str
    data: Mapping[str, Any]


class Form(NamedTuple):
    """One way to say something, in the languages that say it so."""

    text: str
    meaning: Concept | tuple[tuple[str, str], ...]
    """A concept, or (kind, name) pairs of the known values that have this name."""
    languages: frozenset[str] = frozenset()


def _group(text: str) -> list[str]:
    """Every choice in the innermost brackets, and then in those around them."""
    pieces = _BRACKET.split(text)  # plain, (round), [square], plain, …
    if len(pieces) == 1:
        return pieces
    choices = [[pieces[0]]]
    for inside, optional, plain in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        choices.append((inside if inside is not None else optional + "|").split("|"))
        choices.append([plain])
    made = list(map("".join, itertools.product(*choices)))
    nested = "(" in made[0] or "[" in made[0]
    return list(itertools.chain.from_iterable(map(_group, made))) if nested else made


def _forms(text: str) -> Iterable[str]:
    return conjugated(text[:-1]) if len(text) > 2 and text[-1] == "~" else (text,)


def expand(form: str) -> list[str]:
    """Every plain text that a form stands for, normalised."""
    pattern = normalise(_ALONE.sub(r"\1", form)).form
    texts = set(_group(pattern))
    if form[-1] == "~":
        texts = {each for text in texts for each in _forms(text)}
    plain = {_tidy(text) if " " in text else text for text in texts}
    if not pattern.isascii():
        plain = {twin for text in plain for twin in in_hiragana(text)}
    if "-" in form:
        plain |= {re.sub(r"(?<=\w)-(?=\w)", o, text) for text in plain for o in (" ", "")}
    return sorted(text for text in plain if text)


def _tidy(text: str) -> str:
    """A text with its spaces as they are in what people type, normalised."""
    return " ".join((text if text.isascii() else normalise(text).form).split())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("planner") / "words" / f"{name}.toml").read_text("utf-8"))


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by name."""
    return {name: Concept(name, data["role"], data) for name, data in _read("concepts").items()}


@cache
def words(language: str) -> dict[str, Any]:
    """One language's file: `forms` by concept, `topics`, `places`, `months`."""
    return _read(language)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage meanwhile: all that is made stays, and looking takes a fifth."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@cache
@_uncollected()
def forms() -> dict[str, tuple[Form, ...]]:
    """Every form of every language by its text; a text may have several meanings."""
    table: dict[str, tuple[Form, ...]] = {}
    for language in LANGUAGES:
        here = frozenset((language,))
        for name, texts in words(language)["forms"].items():
            concept = concepts()[name]
            for text in itertools.chain.from_iterable(map(expand, texts)):
                table[text] = _with(table.get(text, ()), Form(text, concept, here))
    return table


def _with(known: tuple[Form, ...], new: Form) -> tuple[Form, ...]:
    """The forms of one text with one more: the same meaning in another language is one form."""
    if not known:
        return (new,)
    for place, form in enumerate(known):
        if form.meaning is new.meaning:
            both = form._replace(languages=form.languages | new.languages)
            return (*known[:place], both, *known[place + 1 :])
    return (*known, new)


def automaton(entries: Iterable[tuple[str, Any]]) -> ahocorasick.Automaton:
    """A machine that finds all of the texts in one pass."""
    machine = ahocorasick.Automaton()
    for text, payload in entries:
        machine.add_word(text, (text, payload))
    machine.make_automaton()
    return machine


@cache
@_uncollected()
def machine() -> ahocorasick.Automaton:
    """The machine over all forms."""
    return automaton(forms().items())


def at_word(form: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut at either end; "60d" is a number and a word."""
    return not _within_word(form, start) and not _within_word(form, end)


def _within_word(form: str, place: int) -> bool:
    if not 0 < place < len(form):
        return False
    left, right = form[place - 1], form[place]
    if right in _MARKS or left in _LEADING:
        return True  # a vowel or tone mark belongs to the letter before it
    counted = left.isdigit() and not right.isdigit()
    counted = counted or bool(_COUNTED.match(form, place))
    return bool(_LATIN.match(left) and _LATIN.match(right)) and not counted


@cache
def topic_machine() -> ahocorasick.Automaton:
    """Finds topic words ("cat", 貓, แมว) and gives the topics they belong to."""
    table: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for topic, texts in words(language).get("topics", {}).items():
            for text in itertools.chain.from_iterable(map(expand, texts)):
                for twin in in_katakana(text):
                    table.setdefault(twin, set()).add(topic)
    return automaton((text, tuple(sorted(topics))) for text, topics in table.items())


def topics_in(form: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """The topic words of a normalised text: start, end and topics, longest first at each place."""
    if not len(topic_machine()):
        return []
    found = []
    for end, (text, topics) in topic_machine().iter(form):
        start = end + 1 - len(text)
        if at_word(form, start, end + 1):
            found.append((start, end + 1, topics))
    kept: list[tuple[int, int, tuple[str, ...]]] = []
    for item in sorted(found, key=lambda i: (i[0] - i[1], i[0])):
        if all(item[1] <= other[0] or item[0] >= other[1] for other in kept):
            kept.append(item)
    return sorted(kept)


@cache
def place_machine() -> ahocorasick.Automaton:
    """Finds the usual names of places and tiers, whether the data has them or not."""
    return automaton((text, frozenset()) for text in places())


@cache
def topic_forms(topic: str) -> tuple[str, ...]:
    """Every word for a topic, in all languages."""
    texts = itertools.chain.from_iterable(
        words(language).get("topics", {}).get(topic, ()) for language in LANGUAGES
    )
    return tuple(dict.fromkeys(itertools.chain.from_iterable(map(expand, texts))))


@cache
def broader() -> dict[str, tuple[str, ...]]:
    """For each topic the broader ones: a cat lover may be found under pets."""
    return {name: tuple(wider) for name, wider in _read("topics").items()}


@cache
def tiers() -> tuple[str, ...]:
    """Usual names of membership tiers, the lowest first."""
    return tuple(name.casefold() for name in _read("tiers")["order"])


@cache
def places() -> dict[str, frozenset[str]]:
    """City, tier and other value names by every usual name: 台北 → {"taipei", …}."""
    table: dict[str, set[str]] = {}
    groups: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for name, texts in words(language).get("places", {}).items():
            groups.setdefault(name, set()).update(
                itertools.chain.from_iterable(map(expand, [*texts, name]))
            )
    for texts in groups.values():
        for text in texts:
            table.setdefault(text, set()).update(texts)
    return {text: frozenset(names) for text, names in table.items()}
