"""What is left out because it goes without saying: a verb said before, a comma between clauses.

"Reachable by email but not LINE", "without the VIP tag and with KOL", VIPタグがあってKOLタグがない.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_NOT: Final = ("not", "no", "but not", "but no", "and not", "but not by", "but not on")
_HAVING: Final = re.compile(
    "(?:が(?:あって|あり|なくて|なく)|はなくて|はあり|はあって|持っていて|持ってて|いていて|いてて)$"
)
_HAVING_DONE: Final = re.compile("(?:って|いて|して|んで)$")
_WITHOUT: Final = ("without", "沒有")
_WITH: Final = ("with", "有")
_VERBS: Final = ("reach", "event", "buy", "field")


def with_elided(tokens: list[Token], form: str) -> list[Token]:
    """The tokens, with the verb said before repeated before a channel that is denied without one.

    What is denied so is left out: of whom the first half is true, the second must not be.
    """
    found: list[Token] = []
    verb: Token | None = None
    tokens = list(_parted(tokens, form))
    for place, token in enumerate(tokens):
        if token.separator == ".":
            verb = None
        elif token.role("reach") or token.role("event"):
            verb = token
        after = _next(tokens, place + 1)
        if verb is None or after is None or not _denies(token, found, form):
            found.append(token)
            continue
        again = bool(after.role("reach") and verb.role("reach"))
        bare = after.role("channel") and not _has_verb(tokens, place + 1)
        if not (again or bare):
            found.append(token)
            continue
        while found and (found[-1].role("and") or found[-1].separator == ","):
            found.pop()
        found.append(
            Token(token.start, token.end, (concepts()["exclude"],), languages=token.languages)
        )
        if not again:
            said = (concepts()["reach"],) if verb.role("reach") else verb.concepts
            found.append(Token(after.start, after.start, said, languages=token.languages))
    return found


def _parted(tokens: Sequence[Token], form: str) -> Iterator[Token]:
    """The tokens, with a separator where a clause ends that is not what the next denies."""
    without = False
    for place, token in enumerate(tokens):
        said = form[token.start : token.end]
        without = (without or said in _WITHOUT) and token.separator != "."
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if without and after is not None and (said in ("and", "but") or token.separator):
            if form[after.start : after.end] in _WITH:
                without = False
                yield Token(token.start, token.end, separator=".")
                continue
        yield token
        if after is not None and after.start == token.end and "ja" in token.languages:
            upto = form[max(0, token.end - 8) : token.end]
            done = token.role("buy") and _HAVING_DONE.search(upto) and "span" in after.extra
            if done or (_HAVING.search(upto) and after.values):
                yield Token(token.end, token.end, separator=",")


def _denies(token: Token, before: Sequence[Token], form: str) -> bool:
    said = form[token.start : token.end]
    if said not in _NOT or "en" not in token.languages:
        return False
    last = before[-1] if before else None
    joined = last is not None and (last.role("and") or last.separator == ",")
    return bool(token.role("exclude")) or bool(joined)


def _next(tokens: Sequence[Token], place: int) -> Token | None:
    return next((t for t in tokens[place:] if not t.role("fill")), None)


def _has_verb(tokens: Sequence[Token], place: int) -> bool:
    """Whether a verb follows in the clause: "not email subscribers who clicked"."""
    for token in tokens[place:]:
        if token.separator or token.role("and") or token.role("or"):
            return False
        if any(map(token.role, _VERBS)):
            return True
    return False
