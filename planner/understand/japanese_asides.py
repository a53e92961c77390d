"""Why the list is wanted and what is done with it, as Japanese says it: 在庫が余っているので.

A clause says it by how it ends; a reason may open a clause without a comma, and what is done with
the people may close one.
"""

import itertools
from collections.abc import Iterator
from functools import partial

from planner.understand.shapes import shape
from planner.understand.spans import Quantity
from planner.understand.tokens import Token

TELLS = ("person", "vague", "value", "reach", "interest", "exclude", "note", "scope")
"""Roles of words that say something of those who are meant."""
NAMED = ("field", "event", "buy", "is", "birthday")
"""Roles of words that do so only with a number, a time or a name."""
_HONOUR = ("さん", "様", "さま", "ちゃん", "たち", "達", "の方", "方", "方々", "層")
_TO = ("に", "へ", "を", "には", "宛に", "向けに")
_shape = partial(shape, "ja")


def japanese_parts(
    clause: list[Token], form: str, *, whole: bool
) -> Iterator[tuple[list[Token], bool]]:
    """A clause by what is asked and what is an aside; `whole` if it is a sentence of its own."""
    if reason := _reason(clause, form):
        yield clause[:reason], True
        clause = clause[reason:]
    start = 0 if _is_aside(clause, form, strong=whole) else _what_we_do(clause, form)
    yield clause[:start], False
    yield clause[start:], True


def _reason(clause: list[Token], form: str) -> int:
    """Where the reason ends that a clause begins with: 資料に載せたいので東京の女性; 0 if none."""
    for place, token in enumerate(clause[:-2], 1):
        if form[token.start : token.end] in ("ので", "なので", "んで"):
            return place if _is_aside(clause[:place], form, strong=False) else 0
    return 0


def _what_we_do(clause: list[Token], form: str) -> int:
    """Where it begins what is done with the people: …の人にチラシを撒きたい; the end if nowhere."""
    for place in range(len(clause) - 2, 0, -1):
        particle = form[clause[place].start : clause[place].end]
        if particle in _TO and _are_people(clause[:place], form):
            done = _is_aside(clause[place:], form, strong=True, told=True)
            return place if done else len(clause)
    return len(clause)


def _are_people(said: list[Token], form: str) -> bool:
    """Whether it ends in a word for people: 人, 女性, 飼い主さん."""
    for token in reversed(said):
        named = token.concepts and token.concepts[0].data.get("field") == "gender"
        named = named or any(kind == "membership_tier" for kind, _ in token.values)
        if token.role("person") or token.role("interest") or named:
            return True
        if form[token.start : token.end] not in _HONOUR:
            return False
    return False


def _is_aside(clause: list[Token], form: str, *, strong: bool, told: bool = False) -> bool:
    """Whether a clause is one; `told` if it says what is asked of the people just named."""
    said = list(itertools.takewhile(lambda t: not t.separator, clause))
    purpose = any(token.role("purpose") or token.role("purpose_after") for token in said)
    asked = told and any(token.role("scope") for token in said)  # 口コミをお願いしたい
    text = form[said[0].start : said[-1].end] if said else ""
    reason = _shape("reason").search(text) is not None
    ours = (strong or reason) and _shape("ours").fullmatch(text) is not None
    if not (asked or ours or any(token.rest or (token.topics and not purpose) for token in said)):
        return False
    sends = told and _shape("sends").search(text) is not None
    if not (ours or reason or sends or (strong and _shape("sentence").search(text))):
        return False
    tells = tuple(role for role in TELLS if not (asked and role == "scope"))
    makes = strong and _shape("makes").search(text) is not None
    if any(t.quote or any(map(t.role, tells)) or (t.requests and not makes) for t in said):
        return False
    measured = any(isinstance(t.extra.get("quantity"), Quantity) or "span" in t.extra for t in said)
    named = any(t.values or any(map(t.role, NAMED)) for t in said)
    denied = any(token.role("not_after") for token in said)
    return ours or not (named and (measured or denied))
