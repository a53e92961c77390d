"""Segments that a text mentions, by their names or as "it"; each becomes one sign in the text.

With a sign in the place of a name, what is said of it can be looked for as a whole: "run @ again"
and 「把@改名」 are entries of `[manage]` in the word files, and no part of a name counts as a word.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

import ahocorasick

from planner.chat import Context
from planner.understand.normalise import Text, normalise
from planner.understand.tokens import Token
from planner.understand.vocabulary import LANGUAGES, at_word, automaton, expand, words

SIGN: Final = "\ue000"
"""Stands for a segment in a masked text."""
KINDS: Final = (
    "noun", "many", "this", "mine", "which", "search", "naming", "to", "object", "end", "lead",
    "trail", "show", "rename", "describe", "edit", "recompute", "duplicate", "delete", "cancel",
    "halt", "export", "why", "overlap", "reach", "within", "exclude", "include", "small",
    "invite", "role_viewer", "role_creator", "role_admin",
    *(f"column_{column}" for column in (
        "email", "phone", "display_name", "line_user_id", "gender", "birthday", "city",
        "membership_tier", "language", "joined_at", "last_interaction_at", "line_status",
        "purchase_probability",
    )),
)  # fmt: skip
"""What the entries of `[manage]` say; docs/words.md tells what each is for."""
COLUMN: Final = "column_"
"""How the kinds begin that name a column of the contacts."""
_AROUND_NAMES: Final = ("end", "lead", "trail")
"""Looked for beside a name alone, where a name is given."""
_SHORT: Final = 2
_OPENING, _CLOSING = "\"'「『“(", "\"'」』”)"


@dataclass(frozen=True, slots=True)
class Mention:
    """A segment that is named."""

    name: str
    """Empty where a word like "it" stands for the segment at hand."""
    start: int
    end: int
    """Its place in the normalised text as it was said."""
    called: bool = False
    """Whether it is called a segment there: "the Blocklist segment"."""
    value: bool = False
    """Whether a tag or another value of the data has that very name."""
    described: bool = False
    """Whether the name can be understood as a description of customers as well."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A place of a text and what it says of a segment."""

    start: int
    end: int
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mentions:
    """A text with a sign for each segment, and what was there."""

    said: Text
    """The masked text."""
    each: tuple[Mention, ...]
    """In the order of the signs."""
    pieces: tuple[Piece, ...]
    ends: dict[int, int]
    """Where in the original what a sign stands for ends, by the sign's place."""

    @property
    def named(self) -> tuple[Mention, ...]:
        """Those that are named, not only pointed at."""
        return tuple(mention for mention in self.each if mention.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names as the segments have them, each once."""
        return tuple(dict.fromkeys(mention.name for mention in self.named))

    def has(self, kind: str) -> bool:
        """Whether something of that kind is said."""
        return any(kind in piece.kinds for piece in self.pieces)

    def signs(self) -> list[int]:
        """The places of the signs."""
        return [place for place, char in enumerate(self.said.form) if char == SIGN]

    def quote(self, start: int, end: int) -> str:
        """The person's own words between two places of the masked text."""
        if start >= end:
            return ""
        places, last = self.said.places, end - 1
        return self.said.original[places[start] : self.ends.get(last, places[last] + 1)].strip()


# ── the words of [manage] ────────────────────────────────────────────────────────────────────────


@cache
def entries(kind: str) -> frozenset[str]:
    """Every text of a kind, in all languages."""
    texts = (words(language)["manage"].get(kind, ()) for language in LANGUAGES)
    plain = itertools.chain.from_iterable(map(expand, itertools.chain.from_iterable(texts)))
    return frozenset(text.replace("@", SIGN) for text in plain)


@cache
def _machine(columns: bool = False) -> ahocorasick.Automaton:
    """Finds what is said of segments, or the columns that a list may be exported with."""
    table: dict[str, set[str]] = {}
    for kind in dict.fromkeys(k for language in LANGUAGES for k in words(language)["manage"]):
        if kind not in _AROUND_NAMES and kind.startswith(COLUMN) is columns:
            for text in entries(kind):
                table.setdefault(text, set()).add(kind)
    return automaton((text, frozenset(kinds)) for text, kinds in table.items())


def longest_of(form: str, start: str) -> str:
    """The kind that starts so of the longest such words, also within longer pieces; or empty."""
    found = ((len(text), k) for _, (text, kinds) in _machine().iter(form) for k in kinds)
    return max((each for each in found if each[1].startswith(start)), default=(0, ""))[1]


def pieces(form: str, *, columns: bool = False) -> tuple[Piece, ...]:
    """What a text says of segments, or the columns it names, the longest first at each place."""
    found = []
    for end, (text, kinds) in _machine(columns).iter(form):
        start = end + 1 - len(text)
        if at_word(form, start, end + 1):
            found.append(Piece(start, end + 1, kinds))
    return tuple(_longest(found))


def _longest(found: list[Piece]) -> list[Piece]:
    """The longest of those that overlap, in order."""
    kept, taken = list[Piece](), set[int]()
    for item in sorted(found, key=lambda p: (p.start - p.end, p.start)):
        places = range(item.start, item.end)
        if taken.isdisjoint(places):
            kept.append(item)
            taken.update(places)
    return sorted(kept, key=lambda p: p.start)


def one_of(kind: str) -> str:
    """A regular expression for any text of a kind, cut at no Latin word."""
    texts = sorted(entries(kind), key=len, reverse=True)
    return rf"(?<![a-z])(?:{'|'.join(map(re.escape, texts))})(?![a-z])"


@cache
def _around() -> re.Pattern[str]:
    """A sign with its quotes, "the … segment" around it, and spaces that only part scripts."""
    noun = one_of("noun")
    return re.compile(
        rf"(?:(?<=[^\x00-\x7f])\s+)?(?:\b(?:the|my|our|this|that)\s+)?(?P<before>{noun}\s*)?"
        rf"[{_OPENING}]*{SIGN}(?:'s\b)?[{_CLOSING}]*(?:'s\b)?(?P<after>\s*[的の]?{noun})?(?:\s+(?=[^\x00-\x7f]))?"
    )


# ── where segments are mentioned ─────────────────────────────────────────────────────────────────


def mentioned(said: Text, tokens: Sequence[Token], context: Context) -> Mentions:
    """The segments that a text mentions."""
    each = [
        _known_as(tokens, Mention(name, start, end))
        for start, end, name in _names(said.form, context)
    ]
    masked = _masked(said, [(m.start, m.end) for m in each])
    around = list(_around().finditer(masked.form))
    if len(around) == len(each):
        called = (bool(match["before"] or match["after"]) for match in around)
        each = [replace(m, called=c) for m, c in zip(each, called, strict=True)]
        masked = _masked(masked, [match.span() for match in around])
    pointed = [p for p in pieces(masked.form) if "this" in p.kinds]
    each = _in_order(masked.form, each, pointed)
    masked = _masked(masked, [(p.start, p.end) for p in pointed])
    signs = (place for place, char in enumerate(masked.form) if char == SIGN)
    ends = {sign: said.places[m.end - 1] + 1 for sign, m in zip(signs, each, strict=True) if m.name}
    return Mentions(masked, tuple(each), pieces(masked.form), ends)


def _in_order(form: str, named: list[Mention], pointed: Sequence[Piece]) -> list[Mention]:
    """Those named and those pointed at, as they stand in the text."""
    signs = [place for place, char in enumerate(form) if char == SIGN]
    places = [*zip(signs, named, strict=True), *((p.start, Mention("", 0, 0)) for p in pointed)]
    return [mention for _, mention in sorted(places, key=lambda pair: pair[0])]


def _masked(said: Text, spans: Sequence[tuple[int, int]]) -> Text:
    if not spans:
        return said
    form, places, last = "", list[int](), 0
    for start, end in spans:
        form += said.form[last:start] + SIGN
        places += [*said.places[last:start], said.places[start]]
        last = end
    return Text(said.original, form + said.form[last:], (*places, *said.places[last:]))


@lru_cache(maxsize=5_000)
def _form(name: str) -> str:
    return " ".join(normalise(name).form.split())


def _names(form: str, context: Context) -> list[tuple[int, int, str]]:
    """Where segments' names are, the longest first at each place, in order."""
    found = [
        (*match.span(), segment.name)
        for segment in context.segments
        if (name := _form(segment.name)) and name in form
        for match in re.finditer(re.escape(name), form)
        if at_word(form, *match.span()) and _stands_out(form, *match.span())
    ]
    kept: list[tuple[int, int, str]] = []
    for item in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if all(item[1] <= other[0] or item[0] >= other[1] for other in kept):
            kept.append(item)
    return sorted(kept)


def _stands_out(form: str, start: int, end: int) -> bool:
    """Whether a name is no word that might stand in any text: "A" has to be called a segment."""
    if end - start > _SHORT or not form[start:end].isascii():
        return True
    around = form[:start] + SIGN + form[end:]
    match = _around().search(around)
    quoted = form[max(start - 1, 0) : start] in _OPENING and form[end : end + 1] in _CLOSING
    return bool(match and (match["before"] or match["after"])) or (quoted and start > 0)


def _known_as(tokens: Sequence[Token], mention: Mention) -> Mention:
    """The mention with what its name says of customers."""
    start, end = mention.start, mention.end
    inside = [t for t in tokens if t.start < end and start < t.end and not t.separator]
    value = any(t.values and t.start <= start and end <= t.end for t in inside)
    known = all(not t.rest and start <= t.start and t.end <= end for t in inside)
    described = known and any(is_weighty(t, named=True) for t in inside)
    return replace(mention, value=value, described=value or described)


# ── words that say something of customers ────────────────────────────────────────────────────────

_EMPTY: Final = (
    "fill", "intent", "request", "act", "segment", "person", "choice", "and", "mention", "to",
    "add", "change", "remove", "also", "narrow", "within", "any_one", "restart", "recent",
)  # fmt: skip
_BESIDE_A_NAME: Final = (
    "condition_noun", "message", "live", "either", "both", "not", "ordinal", "last", "exclude",
    "purpose", "purpose_after",
)  # fmt: skip


def is_weighty(token: Token, *, named: bool = False) -> bool:
    """Whether a word says something of customers; beside a segment's name, fewer do."""
    if token.values or token.number is not None or token.day or token.topics or token.extra:
        return True
    empty = (*_EMPTY, *_BESIDE_A_NAME) if named else _EMPTY
    return bool(token.concepts) and not any(c.role in empty for c in token.concepts)


def may_weigh(token: Token) -> bool:
    """Whether a word beside a segment's name can say something of customers, or nothing."""
    empty = (*_EMPTY, *_BESIDE_A_NAME)
    return is_weighty(token, named=True) or any(c.role not in empty for c in token.concepts)


def apart(tokens: Sequence[Token], told: Mentions) -> Iterator[Token]:
    """The tokens of a masked text that are neither signs nor covered by its pieces."""
    covered = {place for piece in told.pieces for place in range(piece.start, piece.end)}
    covered.update(told.signs())
    for token in tokens:
        if not token.separator and not covered.issuperset(range(token.start, token.end)):
            yield token
