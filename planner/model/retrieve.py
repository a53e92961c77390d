"""The few known values that an utterance may be about: never all of thousands."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from planner.catalogue import Catalogue
from planner.fields import Kind
from planner.model.redact import redact
from planner.understand.ground import topics_of
from planner.understand.names import Known
from planner.understand.normalise import normalise
from planner.understand.vocabulary import broader

_MOST: Final = {"tag": 40, "product": 20, "category": 20, "campaign": 20, "city": 20}
_MOST_OF_OTHERS: Final = 12
_LONGEST: Final = 80
"""Characters of a name: a longer one is no name, and is not shown."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    form: str
    topics: frozenset[str]
    pieces: frozenset[str]


def retrieved(text: str, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """By kind the values that fit the text best; what fits alike, most frequent first."""
    form = " ".join(normalise(text).form.split())
    topics = topics_of(form)
    pieces = frozenset(_pieces(form))
    found: dict[str, tuple[str, ...]] = {}
    for kind, entries in _entries(Known(catalogue)).items():
        scored = sorted(entries, key=lambda entry: -_score(entry, form, topics, pieces))
        found[kind] = tuple(e.name for e in scored[: _MOST.get(kind, _MOST_OF_OTHERS)])
    return found


def _score(entry: _Entry, form: str, topics: frozenset[str], pieces: frozenset[str]) -> int:
    if entry.form in form:
        return 4
    if topics & entry.topics:
        return 3
    wider = {w for t in topics for w in broader().get(t, ())}
    if wider & entry.topics or topics & {w for t in entry.topics for w in broader().get(t, ())}:
        return 2
    return 1 if pieces & entry.pieces else 0


def _pieces(form: str) -> Iterator[str]:
    """Words in Latin letters, and pairs of neighbours where words have no spaces between."""
    for word in form.split():
        if word.isascii():
            yield from (part for part in (word.strip("'\".,!?()"),) if len(part) > 3)
        else:
            yield from (left + right for left, right in pairwise(word))


@lru_cache(maxsize=4)
def _entries(known: Known) -> dict[str, list[_Entry]]:
    catalogue = known.catalogue
    texts = {name for name, field in catalogue.attributes.items() if field.kind is Kind.TEXT}
    kinds = ("tag", "product", "category", "campaign", "city", "membership_tier", *sorted(texts))
    return {
        kind: [_entry(name) for name in catalogue.names(kind) if _is_name(name)] for kind in kinds
    }


def _is_name(name: str) -> bool:
    """Whether a value can be shown: one that looks like a person's address or number can't."""
    return len(name) <= _LONGEST and not redact(name).hidden


def _entry(name: str) -> _Entry:
    form = " ".join(normalise(name).form.split())
    return _Entry(name, form, topics_of(form), frozenset(_pieces(form)))
