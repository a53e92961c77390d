"""What is said about segments that exist: "rename the VIP list to …", 「匯出喚回名單」.

A request for customers and a word about a segment use the same verbs ("show", "find", "open"), so
a sentence is taken for the latter only where it names a segment that exists or calls it one, and
says nothing that would be a condition.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from planner.chat import Context
from planner.commands import Manage
from planner.naming import name_key
from planner.state import Conversation
from planner.understand.mentions import (
    COLUMN,
    Mentions,
    Piece,
    apart,
    is_weighty,
    longest_of,
    may_weigh,
    pieces,
)
from planner.understand.new_words import EDGES, begins, new_words
from planner.understand.tokens import Token

_ORDER: Final = (
    "invite", "why", "overlap", "reach", "rename", "describe", "duplicate", "recompute", "delete",
    "export", "cancel", "edit", "show",
)  # fmt: skip
"""Where several are said, the one that counts: "show the overlap" asks for the overlap."""
_AT_ONCE: Final = ("cancel", "recompute")
"""What is done without asking once more: no word may be left over."""
_ROLE: Final = "role_"
"""How the kinds begin that name a role somebody is invited to."""
_OF_REACH: Final = ("channel", "reach", "message", "event", "person")
"""Roles of words that belong to how many can be reached."""
_NAMING: Final = ("segment.which", "segment.exclude")
"""Questions that a segment's name answers."""
_UNKNOWN: Final = 4
"""Words of no meaning that may stand beside a segment's name: its card shows what can be done."""
_CONTACT: Final = re.compile(r"(?<![\w@])(?=[\w.@-]*\d)[A-Za-z0-9_][\w.@-]{2,}(?<![.])", re.ASCII)
_AMOUNT: Final = re.compile(r"[\d.,-]{1,5}|[\d.,-]+(?:k|m|d|x|th|st|nd|rd|days?|months?)?-?[\d.,]*")


def managed(
    told: Mentions, tokens: Sequence[Token], state: Conversation, context: Context
) -> Manage | None:
    """The command about a segment that the text is; None where it is something else.

    Args:
        told: the text and the segments it mentions.
        tokens: those of the masked text.
        state: the conversation so far.
        context: which segments there are.
    """
    action = _action(told, _contact(told))
    if action in ("", "show") and state.pending is not None and state.pending.slot in _NAMING:
        return None  # a name answers the question
    if not action and not told.each and not told.has("noun") and not told.has("many"):
        return None
    if action == "export":
        told, columns = _with_columns(told, tokens)
        found = _read(told, tokens, state, context, action)
        return found if found is None else replace(found, text=" ".join(columns))
    return _read(told, tokens, state, context, action)


def _read(
    told: Mentions, tokens: Sequence[Token], state: Conversation, context: Context, action: str
) -> Manage | None:
    left = [t for t in apart(tokens, told) if t.rest or t.quote or _weighs(t, told)]
    if action == "reach":
        left = [t for t in left if not any(map(t.role, _OF_REACH))]
    if action == "invite":
        role = longest_of(told.said.form, _ROLE).removeprefix(_ROLE)
        return None if left else Manage(action, text=role)
    if action in ("rename", "describe"):
        return _with_words(told, tokens, state, action, left)
    if action == "why":
        return _why(told, state, left)
    if told.named:
        return _of_named(told, tokens, state, action, left)
    if any(t.role("person") for t in apart(tokens, told)):
        return None
    found = _called(told, tokens, context, action) or _listed(told, tokens, state, action, left)
    if found is None and action and not left and _at_hand(told, state, action):
        return Manage(action)
    return found


def _action(told: Mentions, contact: str) -> str:
    said = {kind for piece in told.pieces for kind in piece.kinds}
    meant = bool(told.signs()) or "noun" in said
    asked = "show" in said or told.said.form.rstrip().endswith("?")
    if not (meant and asked):
        said.discard("reach")  # «VIP 夜可觸及的客人», "how many can we email" ask for customers
    action = next((kind for kind in _ORDER if kind in said), "")
    return "why" if contact and meant and action in ("", "show") and "within" in said else action


def _with_columns(told: Mentions, tokens: Sequence[Token]) -> tuple[Mentions, list[str]]:
    """The text where columns of the contacts count as words about the list, and the columns."""
    found = list(pieces(told.said.form, columns=True))
    for token in tokens:
        own = frozenset(COLUMN + name for kind, name in token.values if kind == "attribute")
        found += [Piece(token.start, token.end, own)] if own else []
    kinds = (sorted(piece.kinds)[0].removeprefix(COLUMN) for piece in found)
    return replace(told, pieces=(*told.pieces, *found)), list(dict.fromkeys(kinds))


def _weighs(token: Token, told: Mentions) -> bool:
    return is_weighty(token, named=bool(told.named))


def _at_hand(told: Mentions, state: Conversation, action: str) -> bool:
    """Whether a segment can be meant without a name: called one, or its card was shown last."""
    shown = bool(state.card or state.segment_id) and state.pending is None
    made = shown and state.status in ("idle", "created", "finished", "failed")
    if not state.draft.items and state.pending is None:
        return True  # nothing else can be meant: which one is asked
    if action in ("duplicate", "recompute", "export", "rename", "describe"):
        return state.pending is None or bool(told.signs()) or told.has("noun")
    # with a plan at hand, "edit it" and "cancel this" mean the plan
    free = shown or not state.draft.items or made or (action == "cancel" and told.has("halt"))
    return made or ((bool(told.signs()) or told.has("noun") or told.has("halt")) and free)


# ── a segment that is named ──────────────────────────────────────────────────────────────────────


def _of_named(
    told: Mentions, tokens: Sequence[Token], state: Conversation, action: str, left: list[Token]
) -> Manage | None:
    unknown = [t for t in left if not _weighs(t, told)]
    allowed = 0 if action in _AT_ONCE else _UNKNOWN
    person = any(t.role("person") for t in apart(tokens, told))
    excluded = any(t.role("exclude") for t in tokens) or told.has("exclude")
    if (action == "delete" and person) or (action == "overlap" and excluded):
        return None  # "remove the blocklist members", "leave out who is in both"
    plain = not person and not any(mention.described for mention in told.named)
    if action == "overlap" and len(told.names) == 1 and left and plain:
        return Manage(action, (*told.names, told.quote(left[0].start, left[-1].end)))
    if len(unknown) < len(left) or len(unknown) > allowed:
        return None
    if action not in ("", "show"):
        return Manage(action, told.names[:1] if action == "reach" else told.names)
    if _asks_for_customers(told, tokens, state, action, bool(unknown)):
        return None
    return Manage("show" if len(told.names) == 1 else "list", told.names)


def _asks_for_customers(
    told: Mentions, tokens: Sequence[Token], state: Conversation, action: str, unknown: bool
) -> bool:
    """Whether a sentence that names a segment is about customers all the same."""
    if told.has("include") or told.has("exclude"):
        return True
    if any(t.role("exclude") or t.role("remove") for t in tokens):
        return True
    described = any(m.described and not m.called for m in told.named)
    person = any(t.role("person") for t in apart(tokens, told))
    if action:
        return described and person
    called = any(m.called for m in told.named)
    if (person and unknown) or (state.pending is not None and not called):
        return True
    purpose = any(t.role("purpose") or t.role("purpose_after") for t in tokens)
    return described or purpose or any(may_weigh(t) for t in apart(tokens, told))


# ── which there are ──────────────────────────────────────────────────────────────────────────────


def _called(
    told: Mentions, tokens: Sequence[Token], context: Context, action: str
) -> Manage | None:
    """Segments whose names hold some words, listed or to do something with."""
    searched = action in ("", "show") and told.has("search")
    if told.signs() or not (told.has("noun") or told.has("many")) or not (searched or action):
        return None
    words = _core(told)
    known = any(name_key(words) in name_key(s.name) for s in context.segments) if words else False
    rest = list(apart(tokens, told))
    # "find a segment about coffee" describes customers, unless a segment is called so
    unknown = any(t.rest for t in rest) and not any(is_weighty(t) for t in rest)
    if not words or not (known or unknown or (searched and told.has("naming"))):
        return None
    return Manage("list" if searched else action, (words,))


def _core(told: Mentions) -> str:
    """What is left of a text between the words about segments at its start and its end."""
    start, end = 0, len(told.said.form)
    for piece in told.pieces:
        start = piece.end if not told.said.form[start : piece.start].strip(EDGES) else start
    for piece in reversed(told.pieces):
        end = piece.start if not told.said.form[piece.end : end].strip(EDGES) else end
    return told.quote(start, end).strip(EDGES)


def _listed(
    told: Mentions, tokens: Sequence[Token], state: Conversation, action: str, left: list[Token]
) -> Manage | None:
    """All segments, or one's own."""
    many = told.has("many")
    if left or told.signs() or not (told.has("noun") or many):
        return None
    if any(t.role("exclude") for t in tokens):
        return None
    cue = many or told.has("mine") or told.has("which")
    bare = action == "show" and not state.draft.items and not state.card and not state.segment_id
    return Manage("list", text="mine" if told.has("mine") else "") if cue or bare else None


# ── why, and with words of one's own ─────────────────────────────────────────────────────────────


def _why(told: Mentions, state: Conversation, left: list[Token]) -> Manage | None:
    contact = _contact(told)
    about = told.each or told.has("noun") or state.draft.items or state.card
    if not contact or not about:
        return None
    if not told.has("why"):  # "is C0001234 in the VIP list?" says nothing else
        start = told.said.form.find(contact.casefold())
        others = (t for t in left if not start <= t.start < start + len(contact))
        if any(_weighs(t, told) for t in others):
            return None
    return Manage("why", told.names[:1], contact)


def _with_words(
    told: Mentions, tokens: Sequence[Token], state: Conversation, action: str, left: list[Token]
) -> Manage | None:
    if not told.named and not _at_hand(told, state, action):
        return None
    text = new_words(told, action)
    left = [t for t in left if t.start < begins(told, action)]
    if any(_weighs(t, told) for t in left) or (left and not told.named):
        return None
    shown = bool(state.card or state.segment_id or told.signs())
    if not told.named and text and not shown:
        return None  # a noun alone, and words about something else
    led = told.has("to") or text in told.said.original.split('"')
    guests = any(t.role("person") for t in apart(tokens, told))
    if guests and not led:
        return None  # "call the VIP night guests"
    # a sentence that gives no name and goes on about something else is no renaming
    target = tuple(mention.name for mention in told.each[:1] if mention.name)
    return Manage(action, target, text) if text or not left else None


def _contact(told: Mentions) -> str:
    """What looks like a contact's id: letters and digits that are no amount."""
    for match in _CONTACT.finditer(told.said.original):
        text = match.group()
        inside = any(text.casefold() in name.casefold() for name in told.names)
        if not inside and (not _AMOUNT.fullmatch(text.casefold()) or text.isdigit()):
            if len(text) > 5 or not text.isdigit():
                return text
    return ""
