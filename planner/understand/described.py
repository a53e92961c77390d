"""Words that no vocabulary has, and that mean nearly what a known value does."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from planner.catalogue import Catalogue
from planner.understand.ground import near
from planner.understand.normalise import Text
from planner.understand.pieces import Token

_KINDS: Final = ("tag", "category", "product", "campaign")
"""The kinds of values that are described in words of one's own."""


def described(tokens: Sequence[Token], text: Text, catalogue: Catalogue) -> Iterator[Token]:
    """Unknown words beside "likes", "bought" and the like that mean nearly what a value does."""
    unknown_at = _unknown(tokens)
    for unknown, run in itertools.groupby(enumerate(tokens), key=lambda p: p[0] in unknown_at):
        places, pieces = zip(*run, strict=True)
        if unknown and _takes_a_name(tokens, places[0], places[-1]):
            phrase = text.quote(pieces[0].start, pieces[-1].end)
            if any(near(phrase, kind, catalogue) for kind in _KINDS):
                yield Token(pieces[0].start, pieces[-1].end, topics=("described",))
                continue
        yield from pieces


def _unknown(tokens: Sequence[Token]) -> set[int]:
    """The places of unknown words, and of single characters right beside them: 他 of 吉他."""
    found = {place for place, token in enumerate(tokens) if token.rest}
    for place, (left, right) in enumerate(itertools.pairwise(tokens)):
        if left.end == right.start and left.rest != right.rest:
            known = right if left.rest else left
            if known.end - known.start == 1 and known.concepts:
                found |= {place, place + 1}
    return found


def _takes_a_name(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a word that tells what kind of thing is named stands beside those tokens."""
    before = (t for t in reversed(tokens[:first]) if t.role("interest") or not t.role("fill"))
    after = (t for t in tokens[last + 1 :] if t.role("interest") or not t.role("fill"))
    return any(
        token is not None
        and (
            token.role("interest")
            or token.role("buy")
            or ((noun := token.role("noun")) and noun.name in _KINDS)
        )
        for token in (next(before, None), next(after, None))
    )
