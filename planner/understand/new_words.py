"""The new name or description in a sentence that gives one."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from planner.understand.mentions import Mentions, Piece, one_of
from planner.understand.normalise import normalise

_QUOTED: Final = re.compile(
    r"[\"「『“](?P<text>[^\"「」『』“”]{1,500})[\"」』”]|(?<!\w)'(?P<other>[^']+)'"
)
_IN_QUOTES: Final = re.compile(r"[\"「『“].+[\"」』”]")
EDGES: Final = " \t\n,.;:!?、。「」『』\"'“”"
"""Characters around words that are no part of them."""


def new_words(told: Mentions, action: str) -> str:
    """What a segment is to be called, or to be described as; empty where that is not said."""
    known = {name.casefold() for name in told.names[:1]}
    for quote in _quoted(told.said.original):
        if quote.casefold() not in known:
            return quote
    acts = [p for p in told.pieces if action in p.kinds]
    if led := _led(told):
        verb = acts[-1].start
        ends = (p.start for p in told.pieces if p.end == verb and "to" in p.kinds)
        if between := _plain(told, led.end, next(ends, verb)):
            return between
    return _plain(told, _past(told, begins(told, action), action), len(told.said.form))


def name_given(text: str) -> str:
    """The name in what is said when a name is asked for: «call it "VIP night"», 就叫春季名單."""
    said = normalise(text)
    start, end = 0, len(said.form)
    if lead := _leading().match(said.form):
        start = lead.end()
    while match := (_ending() if lead else _trailing()).search(said.form, start, end):
        end = match.start()
    given = said.quote(start, end).strip()
    if start or end < len(said.form) or _IN_QUOTES.fullmatch(given):
        given = given.strip(EDGES)
    return given or text


def begins(told: Mentions, action: str) -> int:
    """The place from which on new words may come: after the segment and what is to be done."""
    if led := _led(told):
        return led.end
    acts = [p for p in told.pieces if action in p.kinds]
    return max(acts[0].end, *(place + 1 for place in told.signs()[:1]), 0)


def _led(told: Mentions) -> Piece | None:
    """«~を春のガラに改名»: where the object has a word of its own, the verb comes last."""
    after = [place + 1 for place in told.signs()[:1]]
    return next((p for p in told.pieces if p.start in after and "object" in p.kinds), None)


def _past(told: Mentions, start: int, action: str) -> int:
    """The place after the small words that lead to the new ones: "to", "a description", 「を」."""
    form = told.said.form
    while (piece := _next(told, start)) and piece.kinds & {"to", "noun", "this", action}:
        start = piece.end
    while start < len(form) and form[start] in EDGES:
        start += 1
    return start


def _next(told: Mentions, start: int) -> Piece | None:
    form = told.said.form
    beyond = (p for p in told.pieces if p.start >= start)
    piece = next(beyond, None)
    return piece if piece is not None and not form[start : piece.start].strip(EDGES) else None


@cache
def _ending() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of('end')}|{one_of('trail')})[{re.escape(EDGES)}]*$")


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(rf"[{re.escape(EDGES)}]*{one_of('lead')}[{re.escape(EDGES)}]*(?=.)")


@cache
def _trailing() -> re.Pattern[str]:
    return re.compile(rf"(?<=.){one_of('trail')}[{re.escape(EDGES)}]*$")


def _plain(told: Mentions, start: int, end: int) -> str:
    """The person's own words there, without "please" after them."""
    form = told.said.form
    while match := _ending().search(form, start, end):
        end = match.start()
    while end > start and form[end - 1] in EDGES:
        end -= 1
    return told.quote(start, end).strip(EDGES)


def _quoted(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        yield (match["text"] or match["other"]).strip()
