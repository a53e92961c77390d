"""Clauses on what we do, or why: "need to order the boxes by Friday", 這季 KPI 要 win-back.

People say in words of their own what a list is for, and no vocabulary has them all. A clause that
holds an unknown word and tells nothing of customers is taken for such a remark where it begins or
is built like one; each language's file says how, in [remarks]. It becomes no condition and no
question, but the person is told that it was passed over.
"""

import re
from collections.abc import Sequence
from typing import Final

from planner.understand.shapes import has, shape
from planner.understand.spans import Quantity
from planner.understand.tokens import Token

_TELLS: Final = (
    "vague",
    "value",
    "reach",
    "exclude",
    "note",
    "scope",
    "request",
    "matters_not",
    "any_one",
)
"""Roles of words that say something of customers, or ask for them."""
_OF_PEOPLE: Final = ("person", "interest", "is", "or", "not", "change", "remove")
"""Roles of words that do so unless the clause begins as a remark does."""
_COUNTED: Final = ("field", "event", "buy", "birthday", "channel", "noun", "unit")
"""Roles of words that do so with a number, a time or "not"."""
_CALLS: Final = re.compile(
    r"(?:that|this|it)(?:'s| is| will be|'ll be| would be) (?:my|our|the|for)\b"
)
"""How a clause begins that says what the list is."""


def is_remark(clause: Sequence[Token], form: str, language: str, *, whole: bool) -> bool:
    """Whether a clause is about what we do, and nothing of it about customers.

    Args:
        clause: its tokens, without the separator.
        form: the text they are of.
        language: the language it is read in.
        whole: whether it is a sentence of its own.
    """
    if not has(language, "lead"):
        return False
    said = form[clause[0].start : clause[-1].end]
    if has(language, "done") and shape(language, "done").fullmatch(said):
        return True
    led = shape(language, "lead").match(form, clause[0].start) is not None
    ours = has(language, "ours") and shape(language, "ours").search(said) is not None
    if not (led or whole or ours) or not any(token.rest for token in clause):
        return False
    if all(any(token.role(role) for token in clause) for role in ("note", "source")):
        return False  # น้องแอดมินจดโน้ตใน CAAC ไว้ว่า…
    if not led and not shape(language, "sign").search(said):
        return False
    calls = _CALLS.match(said) is not None  # "that's my demo day list": none is asked for
    told = (t for t in clause if not (calls and t.start > clause[0].start and _is_list(t)))
    if shape(language, "asks").search(said) or any(_tells(token, led=led) for token in told):
        return False
    numbers = (isinstance(token.extra.get("quantity"), Quantity) for token in clause)
    measured = any(numbers) or any("span" in token.extra for token in clause)
    denied = any(token.role("not") for token in clause)
    counted = not led or any(any(map(token.role, _COUNTED)) for token in clause)
    return not (counted and (measured or denied))


def _is_list(token: Token) -> bool:
    return {c.name for c in token.concepts} & {"request", "segment"} != set() and not token.values


def _tells(token: Token, *, led: bool) -> bool:
    if token.quote or token.values:
        return True
    small = any(c.role == "fill" and c.name != "request" for c in token.concepts)
    roles = {c.role for c in token.concepts} | ({"request"} if token.requests else set())
    roles -= {"note"} if led else set()  # "we owe them a sorry note": none is searched
    return bool(roles & set(_TELLS)) or (not (led or small) and bool(roles & set(_OF_PEOPLE)))
