"""What is done with the people, as English says it before it names them: "a box drop for Gold …".

English puts those who are meant last in such a clause, after "for", "to", "on" or "with"; an
unknown word before that says what we do. One right before the people describes them: it is kept.
"""

from functools import partial

from planner.understand.shapes import shape
from planner.understand.spans import Quantity
from planner.understand.tokens import Token

_shape = partial(shape, "en")
_TELLS = (
    "person", "vague", "value", "reach", "interest", "exclude", "note", "scope", "is", "birthday",
    "not", "buy", "mention", "field",
)  # fmt: skip
"""Roles of words that say something of those who are meant."""


def before_the_people(clause: list[Token], form: str) -> int:
    """Index of the word that leads to the people, where an unknown word before it tells no more.

    0 if there is none.
    """
    for place, token in enumerate(clause[:-1]):
        if place and _leads(token, form) and _people_follow(clause, place, form):
            return place if any(t.rest for t in clause[:place]) else 0
        if _tells(token):
            return 0
    return 0


def _leads(token: Token, form: str) -> bool:
    return _shape("to").fullmatch(form, token.start, token.end) is not None


def _people_follow(clause: list[Token], place: int, form: str) -> bool:
    ahead = clause[place + 1 : place + 4]
    while ahead and _shape("small").fullmatch(form, ahead[0].start, ahead[0].end):
        ahead = ahead[1:]
    return bool(ahead) and _are_people(ahead)


def _are_people(ahead: list[Token]) -> bool:
    """Whether words are of people: "Gold members", "women", "big spenders", "Skincare buyers"."""
    first, *more = ahead
    named = any(kind == "membership_tier" for kind, _ in first.values)
    who = first.concepts and first.concepts[0].data.get("field") == "gender"
    plain = first.role("person") or first.role("vague") or named or who
    called = more and any(map(more[0].role, ("person", "is", "interest")))
    return bool(plain or ((first.values or first.topics) and called))


def _tells(token: Token) -> bool:
    of = token.extra.get("quantity")
    counted = isinstance(of, Quantity) and (of.op or of.unit or of.number >= 100)
    small = bool(token.role("fill")) and not token.role("person")
    named = any(kind != "attribute" for kind, _ in token.values)  # double-points week
    said = named or token.quote or counted or "span" in token.extra
    return bool(said) or (not small and any(map(token.role, _TELLS)))
