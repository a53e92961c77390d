"""Described values: which known ones may be meant by other words for them."""

from collections.abc import Iterable, Set
from functools import lru_cache

from rapidfuzz import fuzz

from planner.catalogue import Catalogue
from planner.understand.normalise import normalise
from planner.understand.vocabulary import broader, topics_in

_NEAR = 84
"""Likeness of two spellings, of 100, from which a value is offered."""
_MOST = 8
_ALIKE = 0.42
"""Cosine from which a value may be meant: with the encoder of adapters.meaning, things that are
not there measure up to 0.40, and half of those that are 0.56 or more."""
_MOST_ALIKE = 3
_COMPARED = 300
"""Values of one kind that are compared by meaning, the most frequent."""


@lru_cache(maxsize=4096)
def _form(text: str) -> str:
    return normalise(text).form


@lru_cache(maxsize=4096)
def topics_of(phrase: str) -> frozenset[str]:
    """The topics that a phrase speaks of."""
    return frozenset(topic for _, _, topics in topics_in(_form(phrase)) for topic in topics)


def _wider(topics: Iterable[str]) -> set[str]:
    found = set(topics)
    while new := {w for t in found for w in broader().get(t, ())} - found:
        found |= new
    return found


def narrowest(topics: set[str]) -> set[str]:
    """Without the topics that others among them are part of: 嬰兒推車 is about strollers."""
    return {t for t in topics if not any(t in _wider({o}) for o in topics - {t})}


def likeness(phrase: str, name: str, topics: Set[str]) -> float:
    """How well a known name fits: 3 the same topic, 2 a wider or narrower one, else by spelling."""
    form, own = _form(name), topics_of(name)
    if topics & own:
        return 3.0
    if own and (own & _wider(topics) or topics & _wider(own)):
        return 2.0
    said = _form(phrase).strip()
    if len(said) < 3:
        return 2.5 if len(said) == 2 and said in form else 0.0
    if said in form or (len(form) > 3 and form in said):
        return 2.5
    spelled = fuzz.ratio(said, form)
    return spelled / 40 if spelled >= _NEAR else 0.0


def candidates(
    phrase: str, kind: str, catalogue: Catalogue, topics: set[str] | None = None
) -> tuple[str, ...]:
    """The known values of a kind that a phrase may mean, best first."""
    meant = narrowest(set(topics_of(phrase)) | (topics or set()))
    scored = [
        (likeness(phrase, value.name, meant), value.name)
        for value in catalogue.values.get(kind, ())
    ]
    best = sorted((s for s in scored if s[0] > 0), key=lambda s: -s[0])
    return tuple(name for _, name in best[:_MOST]) or near(phrase, kind, catalogue)


def near(phrase: str, kind: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The known values that a phrase may mean by its meaning alone, best first."""
    if catalogue.likeness is None or len(phrase.strip()) < 2:  # one character is half a word
        return ()
    names = catalogue.names(kind)[:_COMPARED]
    scored = zip(catalogue.likeness(phrase, names), names, strict=True)
    best = sorted((s for s in scored if s[0] >= _ALIKE), reverse=True)
    return tuple(name for _, name in best[:_MOST_ALIKE])


def fit(phrase: str, name: str, topics: Set[str]) -> tuple[float, int]:
    """How well a known name fits a phrase: its likeness, and how many topics they share."""
    meant = narrowest({*topics_of(phrase), *topics})
    return likeness(phrase, name, meant), len(meant & topics_of(name))


def exact(phrase: str, kind: str, catalogue: Catalogue) -> str | None:
    """The known value of that very name, in any letter case."""
    said = _form(phrase).split()
    return next((n for n in catalogue.names(kind) if _form(n).split() == said), None)
