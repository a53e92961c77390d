"""What is done with the people, as English says it before it names them: "a box drop for Gold …".

English puts those who are meant last in such a clause, after "for", "to", "on" or "with"; an
unknown word before that says what we do. One right before the people describes them: it is kept.
"""

from planner.understand.spans import Quantity
from planner.understand.tokens import Token

_TO = frozenset(
    ("to", "to the", "to our", "to all", "to any", "for", "for the", "for our", "for a", "for all",
     "on", "on the", "on our", "with", "with the", "with our", "at", "at the", "at our", "among",
     "amongst", "towards", "toward")
)  # fmt: skip
"""Words after which those are named for whom something is done."""
_SMALL = frozenset(("the", "our", "all", "any", "some", "those", "these", "every", "just", "only"))
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
        if place and form[token.start : token.end] in _TO and _people_follow(clause, place, form):
            return place if any(t.rest for t in clause[:place]) else 0
        if _tells(token):
            return 0
    return 0


def _people_follow(clause: list[Token], place: int, form: str) -> bool:
    ahead = clause[place + 1 : place + 4]
    while ahead and form[ahead[0].start : ahead[0].end] in _SMALL:
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
