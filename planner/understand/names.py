"""The names that the data knows, and by which other words they are called."""

import re
from collections.abc import Iterator
from functools import lru_cache

import ahocorasick

from planner.catalogue import Catalogue
from planner.fields import Kind
from planner.understand.normalise import normalise
from planner.understand.vocabulary import automaton, forms, places, topic_forms, topics_in

Pair = tuple[str, str]
"""A kind of value and the name of a known one."""
_COUNTED = re.compile("[a-z ]*[a-rt-z]|[a-z ]*ss")
"""A name that may stand in the plural: "3 Yoga Mats"."""
_HISSING = ("s", "x", "ch", "sh")
_KINDS = ("tag", "product", "category", "campaign", "city", "membership_tier")


def _entries(catalogue: Catalogue) -> Iterator[tuple[str, Pair]]:
    customs = [n for n, f in catalogue.attributes.items() if f.kind is Kind.TEXT]
    for kind in (*_KINDS, *customs):
        for value in catalogue.values.get(kind, ()):
            form = " ".join(normalise(value.name).form.split())
            yield form, (kind, value.name)
            if kind == "tag" and form.isascii() and form.isalpha():
                yield form + "s", (kind, value.name)  # "VIPs" have the tag VIP
            if kind == "product" and _COUNTED.fullmatch(form):
                yield form + ("es" if form.endswith(_HISSING) else "s"), (kind, value.name)
    for identifier, name in catalogue.product_ids.items():
        yield normalise(identifier).form, ("product", name)
    for name in catalogue.attributes:
        for text in {name, name.replace("_", " ")}:
            yield normalise(text).form, ("attribute", name)
        for alias in _also_called(name):
            yield alias, ("attribute", name)


def _also_called(attribute: str) -> Iterator[str]:
    """Usual words for a custom attribute, as "points" or 點數 for loyalty_points."""
    for _, _, topics in topics_in(normalise(attribute.replace("_", " ")).form):
        for topic in topics:
            yield from (text for text in topic_forms(topic) if text not in forms())


@lru_cache(maxsize=8)
def value_machine(known: "Known") -> ahocorasick.Automaton:
    """Finds the names of the data, and gives the pairs of kind and name that they may be."""
    table: dict[str, list[Pair]] = {}
    usual: dict[str, list[Pair]] = {}
    for text, pair in _entries(known.catalogue):
        table.setdefault(text, []).append(pair)
        if pair[0] in ("city", "membership_tier") or pair[0] not in _KINDS:
            usual.setdefault(text, []).append(pair)
    for alias, names in places().items():
        for name in sorted(names & usual.keys()):
            known_pairs = table.setdefault(alias, [])
            known_pairs.extend(p for p in usual[name] if p not in known_pairs)
    return automaton((text, tuple(dict.fromkeys(pairs))) for text, pairs in table.items() if text)


class Known:
    """A catalogue that is looked up by its version: catalogues themselves can't be hashed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and (
            self.catalogue is other.catalogue
            or (bool(self.catalogue.version) and self.catalogue.version == other.catalogue.version)
        )

    def __hash__(self) -> int:
        return hash(self.catalogue.version)
