"""What is done with the list, as Chinese says it within a clause: 幫我抓一下|做熟齡色號 campaign.

planner.understand.remarks knows clauses that begin as remarks do; here are those that follow the
people or the request without a comma, what our own people ask, and aims said in the middle. Each
holds a word that is unknown, and tells no condition.
"""

import re
from functools import partial

from planner.understand.shapes import shape
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token

_POINTS = tuple(a + b for a in "這那" for b in "種群批些")
_shape = partial(shape, "zh-Hant")
_STRONG = ("value", "reach", "note", "source", "exclude", "scope", "birthday", "interest")
"""Roles of words that say something of those who are meant."""
_PASSED = ("fill", "person", "any_one", "vague", "value")
"""Roles of words that may stand before what is done with the people."""
_PEOPLE = "客人戶粉顧友者員族家群"
"""How vague words for people end, and not for things: 老主顧 beside 高單價."""
_MOST_TOKENS = 40
"""Tokens of a clause that may hold one."""
_DONE = re.compile("[過了沒有未]")


def aim(clause: list[Token], form: str) -> int:
    """Index of the token at which it begins in a clause; the clause's length if there is none."""
    said = [token for token in clause if not token.separator]
    place = _Clause(said, form).begins() if len(said) <= _MOST_TOKENS else len(said)
    return place if place < len(said) else len(clause)


class _Clause:
    """The words between two separators."""

    def __init__(self, tokens: list[Token], form: str) -> None:
        self.tokens, self.form = tokens, form
        self.end = tokens[-1].end if tokens else 0

    def begins(self) -> int:
        """Index of the token where it begins; the number of tokens if there is none."""
        places = range(len(self.tokens))
        return next((place for place in places if self._begins(place)), len(self.tokens))

    def _begins(self, place: int) -> bool:
        token, form = self.tokens[place], self.form
        if place and not self._may_lead(self.tokens[place - 1]):
            return False
        said = form[token.start : self.end]
        ours = place == 0 and _shape("asked").match(said) is not None
        begun = _shape("tail" if place else "clause").match(said) is not None
        begun = begun and not _is_longer(token)
        titled = form[self.end : self.end + 1] == ":" and _shape("title").match(said) is not None
        begun = begun or (place == 0 and (titled or _shape("for").search(said) is not None))
        begun = begun or (place == 0 and _shape("like").search(said) is not None)
        aims = place == 0 and _shape("aim").search(said) and not _shape("tells").search(said)
        if not (ours or begun or aims) or said[-1] in "的者":
            return False
        later = range(place, len(self.tokens))
        unknown = ours or any(self.tokens[i].rest for i in later)
        known = any(t.role("purpose") for t in self.tokens[place : place + 2])
        strict = bool(aims) and not begun
        return (
            unknown
            and not known
            and not any(self._tells(i, ours=ours, strict=strict) for i in later)
        )

    def _may_lead(self, token: Token) -> bool:
        """Whether what is done with the people may be said right after: …的人|來推新品."""
        return any(map(token.role, _PASSED)) or self.form[token.end - 1] in "的人"

    def _tells(self, place: int, *, ours: bool, strict: bool) -> bool:
        """Whether a word says something of those who are meant, and not of our own people."""
        token, form = self.tokens[place], self.form
        after = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        if token.quote or token.extra:
            return _measures(token)
        if token.role("person") and not token.role("fill"):
            these = form[max(0, token.start - 2) : token.start] in _POINTS
            return (place > 0 or not ours) and not these
        if token.role("vague"):
            joined = after is None or form[after.start : after.end] in ("的", "的人")
            return joined or form[token.end - 1] in _PEOPLE
        if ours and token.role("exclude") and form[token.end - 1] in "掉除":
            return True
        if ours:
            named = any(kind not in ("attribute", "campaign") for kind, _ in token.values)
            return named or self._is_done(token)
        if token.role("fill"):
            return False
        if any(map(token.role, _STRONG)):
            return True
        if any(kind != "attribute" for kind, _ in token.values):
            return True
        acts = any(map(token.role, ("buy", "event", "is")))
        return self._is_done(token) or (acts and strict)

    def _is_done(self, token: Token) -> bool:
        """Whether it is an act that somebody did or did not do."""
        acts = any(map(token.role, ("buy", "event", "is"))) and not token.role("fill")
        near = self.form[max(self.tokens[0].start, token.start - 1) : token.end + 1]
        return acts and _DONE.search(near) is not None


def _measures(token: Token) -> bool:
    """Whether it is a number that is compared, a time up to now, or words that are searched."""
    quantity, span = token.extra.get("quantity"), token.extra.get("span")
    if isinstance(quantity, Quantity):
        return bool(quantity.op) or quantity.unit == "years"
    return not isinstance(span, Span) or span.led


def _is_longer(token: Token) -> bool:
    """Whether it is a word of its own that only begins like it: 推播, 打開."""
    told = any(map(token.role, ("event", "channel", "reach", "message", "field")))
    return told and not token.role("purpose") and token.end - token.start > 1
