"""What is said about segments that exist: "rename the VIP list to …", 「匯出喚回名單」.

A request for customers and a word about a segment use the same verbs ("show", "find", "open"), so
a sentence is taken for the latter only where it names a segment that exists or calls it one, and
says nothing that would be a condition.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import ahocorasick

from planner.chat import Context
from planner.commands import Manage
from planner.state import Conversation
from planner.understand.normalise import Text, normalise
from planner.understand.tokens import Token
from planner.understand.vocabulary import LANGUAGES, at_word, automaton, expand, words

_ORDER: Final = (
    "list", "invite", "why", "overlap", "rename", "describe", "duplicate", "recompute", "delete",
    "export", "cancel", "edit", "show",
)  # fmt: skip
"""Where several are said, the one that counts: "show the overlap" asks for the overlap."""
_LIGHT: Final = (
    "fill", "request", "act", "segment", "person", "choice", "and", "mention", "to", "add",
    "change", "remove", "condition_noun", "also", "narrow", "message", "within", "live", "either",
    "both", "not", "ordinal", "any_one", "restart", "last", "recent",
)  # fmt: skip
"""Roles of words that say nothing of customers by themselves."""
_ROLE: Final = "role_"
_FREE: Final = ("rename", "describe", "why")
"""What goes on with words of its own."""
_CONTACT: Final = re.compile(r"(?<![\w@])(?=[\w.@-]*\d)[A-Za-z0-9_][\w.@-]{2,}(?<![.])", re.ASCII)
_AMOUNT: Final = re.compile(r"[\d.,-]{1,5}|[\d.,-]+(?:k|m|d|x|th|st|nd|rd|days?|months?)?-?[\d.,]*")
_QUOTED: Final = re.compile(
    r"[\"「『“](?P<text>[^\"「」『』“”]{1,200})[\"」』”]|(?<!\w)'(?P<other>[^']+)'"
)
_JA_NAME: Final = re.compile(
    r"[をは](?P<text>[^をは]+?)[にへと](?:名前|名称|改名|リネーム|変更|変え|して|する|$)"
)
_EDGES: Final = " \t\n,.;:!?、。「」『』\"'“”"
_AFTER: Final = re.compile(
    r"[\s:,、]*(?:に|へ|と)?(?:して|変更|改名)?(?:ください|下さい|ね|よ)?[。.!]*$"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A place of the text and what it is: a segment's name, a noun, "to", or an action."""

    start: int
    end: int
    kind: str
    text: str = ""


@cache
def _machine() -> ahocorasick.Automaton:
    table: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for kind, texts in words(language)["manage"].items():
            for text in itertools.chain.from_iterable(map(expand, texts)):
                table.setdefault(text, set()).add(kind)
    return automaton((text, tuple(sorted(kinds))) for text, kinds in table.items())


def managed(
    said: Text, tokens: Sequence[Token], state: Conversation, context: Context
) -> Manage | None:
    """The command about a segment that the text is; None where it is something else."""
    names = _names(said.form, context)
    pieces = _pieces(said.form, names)
    actions = [p for p in pieces if p.kind in _ORDER]
    noun = any(p.kind == "noun" for p in pieces)
    action = min((p.kind for p in actions), key=_ORDER.index, default="")
    contact = _contact(said, names)
    if not action and contact and (names or noun) and any(p.kind == "within" for p in pieces):
        action = "why"
    if not action and names and not any(token.role("exclude") for token in tokens):
        action = "show"
    if not action or not _about_a_segment(action, names, noun, state, contact):
        return None
    left = _left(tokens, [*names, *pieces])
    if action == "invite":
        return None if left else Manage(action, text=_role(said.form))
    named = tuple(found.text for found in names)
    if action in _FREE:
        text = contact if action == "why" else _free_text(said, names, pieces, action)
        # a sentence that gives no name and goes on about something else is no renaming
        return Manage(action, named[:1], text) if text or not left else None
    searched = noun or action == "list"
    if left and (names or not searched or any(_weighs(token) for token in left)):
        return None
    if names and not actions and not noun and _is_value(tokens, names):
        return None
    if not names and left:
        named = (said.quote(left[0].start, left[-1].end),)
    return Manage(action, named, "mine" if action == "list" and not named else "")


def _role(form: str) -> str:
    """The role that somebody is to be invited to; empty where none is named."""
    found = [
        (len(text), kind.removeprefix(_ROLE))
        for _, (text, kinds) in _machine().iter(form)
        for kind in kinds
        if kind.startswith(_ROLE)
    ]
    return max(found, default=(0, ""))[1]


def _about_a_segment(
    action: str, names: Sequence[_Found], noun: bool, state: Conversation, contact: str
) -> bool:
    if action in ("list", "invite"):
        return True
    if action == "why":
        return bool(contact) and (bool(names) or noun or bool(state.draft.items or state.card))
    at_hand = bool(state.card or state.segment_id) and state.pending is None
    made = at_hand and state.status in ("idle", "created", "finished", "failed")
    if action in ("edit", "show", "overlap", "cancel", "delete", "describe"):
        plan = bool(state.draft.items) and not made
        return bool(names) or (noun and (at_hand or not plan)) or (made and action == "delete")
    return bool(names) or noun or made


@lru_cache(maxsize=5_000)
def _form(name: str) -> str:
    return " ".join(normalise(name).form.split())


def _names(form: str, context: Context) -> list[_Found]:
    """The segments' names in the text, the longest first at each place."""
    found: list[_Found] = []
    for segment in context.segments:
        name = _form(segment.name)
        places = re.finditer(re.escape(name), form) if name and name in form else ()
        spans = (match.span() for match in places)
        found += [_Found(*s, "name", segment.name) for s in spans if at_word(form, *s)]
    return _apart(found)


def _apart(found: Sequence[_Found], taken: Sequence[_Found] = ()) -> list[_Found]:
    """The longest of those that overlap, in order."""
    kept: list[_Found] = []
    covered = {place for item in taken for place in range(item.start, item.end)}
    for item in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        places = range(item.start, item.end)
        if covered.isdisjoint(places):
            kept.append(item)
            covered.update(places)
    return sorted(kept, key=lambda f: f.start)


def _pieces(form: str, names: Sequence[_Found]) -> list[_Found]:
    found: list[_Found] = []
    for end, (text, kinds) in _machine().iter(form):
        start = end + 1 - len(text)
        if at_word(form, start, end + 1):
            found.append(_Found(start, end + 1, min(kinds, key=_rank)))
    return _apart(found, names)


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _left(tokens: Sequence[Token], found: Sequence[_Found]) -> list[Token]:
    """The words that are neither part of what was found nor empty."""
    spans = [(f.start, f.end) for f in found]
    return [
        token
        for token in tokens
        if not token.separator
        and not any(token.start < end and start < token.end for start, end in spans)
        and (token.rest or token.quote or not _is_light(token))
    ]


def _is_light(token: Token) -> bool:
    if token.values or token.number is not None or token.day or token.extra:
        return False
    return any(concept.role in _LIGHT for concept in token.concepts)


def _weighs(token: Token) -> bool:
    """Whether a word says something of customers, and is no part of a name."""
    return (
        token.number is not None
        or token.day is not None
        or any(
            concept.role
            in ("buy", "event", "compare", "unit", "field", "vague", "duration", "exclude")
            for concept in token.concepts
        )
    )


def _is_value(tokens: Sequence[Token], names: Sequence[_Found]) -> bool:
    """Whether a segment is called like a tag or another value of the data."""
    return any(t.values and n.start <= t.start and t.end <= n.end for t in tokens for n in names)


def _contact(said: Text, names: Sequence[_Found]) -> str:
    """What looks like a contact's id: quoted, or letters and digits that are no amount."""
    for match in _CONTACT.finditer(said.original):
        text = match.group()
        inside = any(text.casefold() in found.text.casefold() for found in names)
        if not inside and (not _AMOUNT.fullmatch(text.casefold()) or text.isdigit()):
            if len(text) > 5 or not text.isdigit():
                return text
    return ""


# ── a new name, a description ────────────────────────────────────────────────────────────────────


def _free_text(said: Text, names: Sequence[_Found], pieces: Sequence[_Found], action: str) -> str:
    """The words that are to be the name or description."""
    known = {found.text.casefold() for found in names[:1]}
    for quote in _quoted(said.original):
        if quote.casefold() not in known:
            return quote
    rest = said.form
    acts = [p for p in pieces if p.kind == action]
    first = max([names[0].end] if names else [0], default=0)
    if match := _JA_NAME.search(rest):
        if action == "rename" and re.search(r"[\u3040-\u30ff]", rest):
            return _plain(said.quote(*match.span("text")))
    if not names and not acts:
        return ""
    start = _past(rest, pieces, max(first, acts[0].end if acts else 0), ("noun", action))
    start = _past(rest, pieces, start, ("to",))
    return _plain(said.quote(start, len(rest)))


def _past(form: str, pieces: Sequence[_Found], start: int, kinds: Sequence[str]) -> int:
    """The place after such pieces that follow one another."""
    for piece in pieces:
        if piece.kind in kinds and start <= piece.start and not form[start : piece.start].strip():
            start = piece.end
    return start


def _quoted(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        yield (match["text"] or match["other"]).strip()


def _plain(text: str) -> str:
    return _AFTER.sub("", text).strip(_EDGES)


# ── segments left out ────────────────────────────────────────────────────────────────────────────


def left_out(said: Text, tokens: Sequence[Token], context: Context) -> tuple[str, tuple[str, ...]]:
    """The text without «leave out the blocklist segment», and the segments named there."""
    names = _names(said.form, context)
    nouns = [p for p in _pieces(said.form, names) if p.kind == "noun"]
    excluding = [t for t in tokens if t.role("exclude") or t.role("remove")]
    spans: list[tuple[int, int]] = []
    found: list[str] = []
    for name in names:
        by = next((t for t in excluding if _beside(t, name, tokens, spans)), None)
        called = any(abs(n.start - name.end) < 3 or abs(name.start - n.end) < 3 for n in nouns)
        if by is not None and (called or not _is_value(tokens, [name])):
            spans.append((min(by.start, name.start), max(by.end, name.end)))
            found.append(name.text)
    for start, end in spans:
        near = [n for n in nouns if n.start - end < 3 and start - n.end < 3]
        spans = [*spans, *((n.start, n.end) for n in near)]
    gone = {place for start, end in spans for place in range(start, end)}
    left = "".join(" " if place in gone else char for place, char in enumerate(said.form))
    return (left.strip(_EDGES) if found else said.original), tuple(found)


def _beside(
    by: Token, name: _Found, tokens: Sequence[Token], spans: Sequence[tuple[int, int]]
) -> bool:
    """Whether nothing but small words and other such names stand between the two."""
    start, end = min(by.end, name.end), max(by.start, name.start)
    between = [t for t in tokens if start <= t.start and t.end <= end]
    return all(
        t.separator or _is_light(t) or t.role("and") or any(s <= t.start < e for s, e in spans)
        for t in between
    )
