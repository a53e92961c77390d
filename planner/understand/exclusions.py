"""Segments that are to be left out of a plan, in words: "leave out the blocklist segment"."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.understand.mentions import SIGN, Mentions, apart, is_weighty
from planner.understand.tokens import Token


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a text says about exclusions, and the rest of it."""

    rest: str
    out: tuple[str, ...] = ()
    """Names of segments to leave out."""
    back: tuple[str, ...] = ()
    """Names of segments that are not to be left out any more."""


def left_out(told: Mentions, tokens: Sequence[Token]) -> LeftOut:
    """The segments to leave out, or to leave out no more.

    Args:
        told: the text and the segments it mentions.
        tokens: those of the masked text.
    """
    if not told.named:
        return LeftOut(told.said.original)
    if told.has("include") and not any(is_weighty(t) for t in apart(tokens, told)):
        return LeftOut("", back=told.names)
    excluding = [t for t in tokens if t.role("exclude") or t.role("remove")]
    gone: list[tuple[int, int]] = []
    names: list[str] = []
    for place, mention in zip(told.signs(), told.each, strict=True):
        span = _excluded(told, excluding, place, tokens, gone)
        if span is not None and mention.name and (mention.called or not mention.value):
            gone.append(span)
            names.append(mention.name)
    if not names:
        return LeftOut(told.said.original)
    cut = {place for start, end in gone for place in range(start, end)}
    kept = (" " if p in cut or char == SIGN else char for p, char in enumerate(told.said.form))
    return LeftOut(" ".join("".join(kept).split()), out=tuple(dict.fromkeys(names)))


def _excluded(
    told: Mentions,
    excluding: Sequence[Token],
    place: int,
    tokens: Sequence[Token],
    gone: Sequence[tuple[int, int]],
) -> tuple[int, int] | None:
    """Where it is said that the segment at that place is to be left out."""
    for piece in told.pieces:
        if "exclude" in piece.kinds and piece.start <= place < piece.end:
            return (piece.start, piece.end)
    by = next((t for t in excluding if _beside(t, place, tokens, gone)), None)
    return None if by is None else (min(by.start, place), max(by.end, place + 1))


def _beside(
    by: Token, place: int, tokens: Sequence[Token], gone: Sequence[tuple[int, int]]
) -> bool:
    """Whether nothing but small words and other such names stand between the two."""
    start, end = min(by.end, place + 1), max(by.start, place)
    between = [t for t in tokens if start <= t.start and t.end <= end and not t.separator]
    left = (t for t in between if t.rest or is_weighty(t, named=True))
    return all(any(first <= t.start < last for first, last in gone) for t in left)
