"""The check of the word files: `python -m planner.understand.lint` names every fault."""

import itertools
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from planner.understand.mentions import KINDS
from planner.understand.shapes import PIECE, needed, written
from planner.understand.vocabulary import (
    LANGUAGES,
    Concept,
    at_word,
    broader,
    concepts,
    expand,
    forms,
    words,
)

MOST = 2_000
"""Plain texts that one form may stand for."""

_TABLES = ("forms", "topics", "places", "months", "manage", "remarks")
_ALONE = ("vague", "is", "value", "birthday", "scope", "restart", "undo", "any_one")
"""Roles that say everything by themselves: no neighbour could choose between two of them."""
_ONE_MEANING = (
    *_ALONE,
    "compare",
    "compare_after",
    "duration",
    "period",
    "time",
    "ordinal",
    "unit",
)
_CONTENT = (*_ALONE[:4], "field", "noun", "note", "buy", "event", "channel", "reach", "interest")
"""Roles of what a condition is made of."""
_POSITIVE = ("event", "buy", "reach", "interest", "message", "note", "birthday")
_NEGATIVE = {"undelivered", "own", "unused", "unreachable"}
"""Of these roles, those that may well be said with a negator: "not delivered", "not used yet"."""
_IDIOMS = ("に目がない",)
"""Forms that hold a negator and do not negate."""


def faults(languages: Mapping[str, Mapping[str, Any]] | None = None) -> list[str]:
    """Everything wrong in the word files, one sentence each; none where all is well.

    Args:
        languages: the files' contents by language; the files themselves unless given.
    """
    files = languages or {language: words(language) for language in LANGUAGES}
    found = list(_topics())
    for language, content in files.items():
        whole = _whole(content)
        checks = (
            _unknown(content), _missing(content), _months(content), _broken(content),
            _remarks(language, content), _doubled(whole), _conflicts(whole), _beyond(whole),
            _negated(whole),
        )  # fmt: skip
        found += [f"{language}.toml: {fault}" for fault in itertools.chain(*checks)]
    return found


def _topics() -> Iterator[str]:
    for name, wider in broader().items():
        for other in wider:
            if other not in broader():
                yield f'topics.toml: "{name}" names the broader topic "{other}", which is not there'


def _unknown(content: Mapping[str, Any]) -> Iterator[str]:
    for table in content:
        if table not in _TABLES:
            yield f"[{table}] is none of {', '.join(f'[{name}]' for name in _TABLES)}"
    for name in content.get("forms", {}):
        if name not in concepts():
            yield f'"{name}" in [forms] is not in concepts.toml'
    for name in content.get("topics", {}):
        if name not in broader():
            yield f'"{name}" in [topics] is not in topics.toml'
    for name in content.get("manage", {}):
        if name not in KINDS:
            yield f'"{name}" in [manage] is none of {", ".join(KINDS)}'
    for name in content.get("places", {}):
        if name not in _places():
            yield f'"{name}" in [places] is in no other language: is it spelled as there?'


def _remarks(language: str, content: Mapping[str, Any]) -> Iterator[str]:
    table = content.get("remarks", {})
    names = needed(language) if table else ()
    pieces = set(PIECE.findall(" ".join(table.values())))
    for name in names:
        if name not in table:
            yield f"[remarks] lacks {name}"
    for name in table:
        if name not in names and name not in pieces:
            yield f'"{name}" in [remarks] is used by nothing'
        try:
            re.compile(written(table, name), re.VERBOSE)
        except re.error as error:
            yield f'"{name}" in [remarks] is no regular expression: {error}'
        except KeyError as lacking:
            yield f'"{name}" in [remarks] needs {lacking}, which is not there'
        except RecursionError:
            yield f'"{name}" in [remarks] is a piece of itself'


@cache
def _places() -> frozenset[str]:
    """The names that at least two languages have words for."""
    named = [set(words(language).get("places", {})) for language in LANGUAGES]
    return frozenset(name for a, b in itertools.combinations(named, 2) for name in a & b)


def _missing(content: Mapping[str, Any]) -> Iterator[str]:
    """What has no entry; an empty list says that the language has no words for it."""
    for table in ("forms", "topics"):
        lacking = [name for name in _needed(table) if name not in content.get(table, {})]
        if lacking:
            yield (
                f"[{table}] has no entry for {', '.join(lacking)}; "
                "write an empty list where the language has no words for it"
            )


@cache
def _needed(table: str) -> tuple[str, ...]:
    """The names that some language has words for."""
    everything = concepts() if table == "forms" else broader()
    named = {
        n for language in LANGUAGES for n, texts in words(language).get(table, {}).items() if texts
    }
    return tuple(name for name in everything if name in named)


def _months(content: Mapping[str, Any]) -> Iterator[str]:
    for name, number in content.get("months", {}).items():
        if number not in range(1, 13):
            yield f'"{name}" in [months] is {number}, not 1 to 12'


def _lists(content: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    for table in ("forms", "topics", "places"):
        for name, texts in content.get(table, {}).items():
            yield table, name, texts


# --- single forms ------------------------------------------------------------------------------


def _broken(content: Mapping[str, Any]) -> Iterator[str]:
    manage = (("manage", name, texts) for name, texts in content.get("manage", {}).items())
    for table, name, texts in itertools.chain(_lists(content), manage):
        for form in texts:
            if problem := _problem(form):
                yield f'"{form}" under {name} in [{table}] {problem}'


def _problem(form: str) -> str:
    if not _balanced(form):
        return "has a bracket that does not open or close"
    if "|" in _outside(form):
        return "has a | outside of brackets"
    if re.search(r"\w", form) and re.search(r"[?*]", form):
        return "has a ? or *, which mean nothing here: optional parts stand in [ ]"
    if not form.strip():
        return "says nothing"
    if count(form) > MOST:
        return f"stands for {count(form):,} texts, more than {MOST:,}: split it"
    return ""


def _balanced(form: str) -> bool:
    inside: list[str] = []
    for char in form:
        if char in "([":
            inside.append(")" if char == "(" else "]")
        elif char in ")]" and (not inside or inside.pop() != char):
            return False
    return not inside


def _outside(form: str) -> str:
    while (plain := re.sub(r"\([^()\[\]]*\)|\[[^()\[\]]*\]", "", form)) != form:
        form = plain
    return form


def count(form: str) -> int:
    """How many plain texts a balanced form stands for, without making them."""
    group = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
    while match := group.search(form):
        inside = match.group(1) if match.group(1) is not None else match.group(2) + "|"
        form = f"{form[: match.start()]}<{_alternatives(inside)}>{form[match.end() :]}"
    return _alternatives(form)


def _alternatives(text: str) -> int:
    """The texts that alternatives stand for in which groups are counted already, as <3>."""
    return sum(math.prod(map(int, re.findall(r"<(\d+)>", part))) for part in text.split("|"))


# --- forms beside each other --------------------------------------------------------------------


def _whole(content: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """The content without the forms that are broken in themselves."""
    kept: dict[str, dict[str, list[str]]] = {}
    for table, name, texts in _lists(content):
        kept.setdefault(table, {})[name] = [form for form in texts if not _problem(form)]
    return kept


def _doubled(content: Mapping[str, Any]) -> Iterator[str]:
    """Forms whose every text another form of the same concept has already."""
    for table, name, texts in _lists(content):
        made = [(form, set(_expand(form))) for form in texts]
        for place, (form, own) in enumerate(made):
            for other_place, (other, held) in enumerate(made):
                earlier = own < held or (own == held and other_place < place)
                if other_place != place and own and earlier:
                    yield f'"{form}" under {name} in [{table}] is said by "{other}" already'
                    break


@cache
def _expand(form: str) -> tuple[str, ...]:
    return tuple(expand(form))


def _texts(content: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Plain text, form and concept."""
    for name in names:
        for form in content.get("forms", {}).get(name, ()):
            for text in _expand(form):
                yield text, form, name


def _conflicts(content: Mapping[str, Any]) -> Iterator[str]:
    """One text under two concepts that nothing around it could tell apart."""
    meant: dict[str, list[str]] = {}
    for text, _, name in _texts(content, (n for n in content.get("forms", {}) if n in concepts())):
        if name not in meant.setdefault(text, []):
            meant[text].append(name)
    for text, names in meant.items():
        for first, second in itertools.combinations(names, 2):
            if _conflict(first, second):
                yield f'"{text}" is under {first} and under {second}: it can mean only one of them'


def _conflict(first: str, second: str) -> bool:
    a, b = concepts()[first], concepts()[second]
    if a.role == b.role:
        return a.role in _ONE_MEANING and a.data != b.data
    return a.role in _ALONE and b.role in _ALONE


def _beyond(content: Mapping[str, Any]) -> Iterator[str]:
    """Words for what the data cannot tell that say something it can, in any language."""
    names = [n for n, c in concepts().items() if c.role == "scope"]
    for text, form, name in _texts(content, names):
        for other in forms().get(text, ()):
            if isinstance(other.meaning, Concept) and other.meaning.role in _CONTENT:
                yield f'"{form}" under {name} is under {other.meaning.name} in some language'


def _negated(content: Mapping[str, Any]) -> Iterator[str]:
    """Forms of what was done that hold a "not": they would mean the contrary."""
    negators = {text for text, _, _ in _texts(content, ("not", "not_after"))}
    names = [n for n, c in concepts().items() if c.role in _POSITIVE and n not in _NEGATIVE]
    for text, form, name in _texts(content, names):
        negator = next((n for n in negators if _holds(text, n)), None)
        if negator is not None and form not in _IDIOMS:
            yield f'"{form}" under {name} holds "{negator}", a word for not'


def _holds(text: str, part: str) -> bool:
    start = text.find(part)
    return start >= 0 and at_word(text, start, start + len(part))


def main() -> int:
    """Print every fault; 1 where there is one."""
    found = faults()
    lines = found or ["the words: nothing to complain about"]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
