"""What does not matter: 使ったかどうかは問わない, "whether or not they redeemed it".

Such a clause names things, and asks for none of them, so it is passed over whole.
"""

from dataclasses import replace

from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_ENDS = ("person", "and")


def without_what_does_not_matter(tokens: list[Token]) -> list[Token]:
    """The tokens, with one small word in place of each such clause."""
    found: list[Token] = []
    ends = 0
    for place, token in enumerate(tokens):
        if place < ends:
            continue
        found.append(token)
        if token.role("matters_not"):
            ends = next((i for i in range(place, len(tokens)) if tokens[i].separator), len(tokens))
            found[-1] = _passed_over(token, tokens[ends - 1].end)
        elif token.role("matters_not_after"):
            while len(found) > 1 and not _bounds(found[-2]):
                del found[-2]
            start = found[-2].end if len(found) > 1 else 0
            found[-1] = _passed_over(replace(token, start=max(start, 0)), token.end)
    return found


def _bounds(token: Token) -> bool:
    return bool(token.separator or any(map(token.role, _ENDS)))


def _passed_over(token: Token, end: int) -> Token:
    return Token(token.start, end, (concepts()["fill"],), languages=token.languages)
