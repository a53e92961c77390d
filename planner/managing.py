"""What is done with segments that exist: whichever is meant, whoever asks."""

from collections.abc import Callable, Sequence
from typing import Final

from planner import changing, looking, naming, wording
from planner.chat import KnownSegment
from planner.commands import Answer, Command, Manage
from planner.errors import Refused
from planner.existing import (
    DELETE,
    DESCRIBE,
    RENAME,
    SLOTS,
    WHICH,
    at_hand,
    begin,
    end,
    may,
    named,
)
from planner.state import KeptOption, Managing
from planner.talk import Talk, show

__all__ = ["ACTIONS", "SLOTS", "leave", "manage", "tapped", "typed"]

ACTIONS: Final = {
    "list": "look",
    "show": "look",
    "overlap": "look",
    "reach": "look",
    "rename": "make",
    "describe": "make",
    "edit": "make",
    "recompute": "make",
    "duplicate": "make",
    "cancel": "make",
    "delete": "make",
    "export": "contacts",
    "why": "contacts",
    "invite": "invite",
}
"""What can be done, and the right that it takes."""
_CHOICES: Final = 10


def manage(talk: Talk, command: Manage) -> bool:
    """Do it; True where nothing further has to be shown."""
    right = ACTIONS[command.action]
    if not may(talk.context, right):
        talk.say(f"role.no_{right}")
        return False
    if command.action == "list":
        looking.list_them(talk, command)
        return False
    if command.action == "invite":
        return looking.invite(talk, command)
    if command.action == "overlap":
        return looking.overlap(talk, command)
    if command.action == "why" and not command.names and looking.plan_at_hand(talk):
        return looking.why(talk, command, None)
    segment = _which(talk, command)
    return segment is None or _DO[command.action](talk, command, segment)


# ── which one ────────────────────────────────────────────────────────────────────────────────────


def _which(talk: Talk, command: Manage) -> KnownSegment | None:
    """The segment that is meant; None where that is asked back, or there is none."""
    if command.names:
        found = named(talk, command.names[0])
        if not found:
            talk.say("segment.unknown", name=talk.quote(command.names[:1]))
    else:
        found = [s for s in at_hand(talk) if _can(command.action, s)] or at_hand(talk)[:1]
        if not found:
            talk.say("act.no_segments")
    if len(found) == 1:
        return found[0]
    if found:
        _ask_which(talk, command, found[:_CHOICES])
    else:
        show_again(talk)
    return None


def _can(action: str, segment: KnownSegment) -> bool:
    """Whether that can be done with a segment as it is now."""
    waiting = segment.status in ("queued", "computing")
    if action in ("cancel", "recompute"):
        return waiting is (action == "cancel")
    return segment.listed or action != "export"


def _ask_which(talk: Talk, command: Manage, found: Sequence[KnownSegment]) -> None:
    begin(talk, Managing(action=command.action, text=command.text))
    kept = [
        KeptOption(id=str(place), label=s.name, answer=Answer(WHICH, texts=(s.segment_id,)))
        for place, s in enumerate(found, 1)
    ]
    kept.append(talk.kept("cancel", WHICH))
    talk.ask(WHICH, talk.word("segment.ask_which"), kept)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def tapped(talk: Talk, ids: Sequence[str]) -> None:
    """An option of a question about a segment.

    Raises:
        Refused: there is no such option.
    """
    pending, managing = talk.state.pending, talk.state.managing
    if pending is None or managing is None:
        return
    if set(ids) & {"cancel", "no", "skip"}:
        end(talk)
        talk.say("act.left")
        show_again(talk)
        return
    kept = {option.id: option.answer for option in pending.options}
    if len(ids) != 1 or ids[0] not in kept:
        raise Refused("input.unknown_option")
    if pending.slot == DELETE:
        _confirm(talk, managing)
    elif pending.slot == WHICH:
        _go_on_with(talk, managing, kept[ids[0]].texts[0])


def typed(talk: Talk, text: str, commands: Sequence[Command]) -> bool:
    """Words instead of a tap; False where they are no answer to this question."""
    pending, managing = talk.state.pending, talk.state.managing
    if pending is None or managing is None:
        return False
    choices = {c.choice for c in commands if isinstance(c, Answer) and c.choice}
    if wording.is_label(text, "option.cancel") or choices & {"no", "skip"}:
        tapped(talk, ("cancel",))
    elif pending.slot in (RENAME, DESCRIBE):
        end(talk)
        manage(talk, Manage(managing.action, (managing.segment_id,), text))
    elif pending.slot == WHICH and (found := named(talk, text)):
        end(talk)
        manage(talk, Manage(managing.action, (found[0].segment_id,), managing.text))
    elif pending.slot == DELETE and choices & {"yes", "all"}:
        _confirm(talk, managing)
    else:
        return False
    return True


def _confirm(talk: Talk, managing: Managing) -> None:
    changing.deleted(talk, managing)
    if talk.state.pending is None:
        show_again(talk)


def leave(talk: Talk) -> None:
    """Something else was said: the question about a segment is dropped."""
    if talk.state.managing is not None:
        end(talk)


def _go_on_with(talk: Talk, managing: Managing, segment_id: str) -> None:
    end(talk)
    if not manage(talk, Manage(managing.action, (segment_id,), managing.text)):
        show_again(talk)


def show_again(talk: Talk) -> None:
    """What stood before the question, unless a made segment's card is all that stands there."""
    if talk.state.status not in ("created", "finished", "failed"):
        show(talk)
    elif not talk.replies and not talk.lookups:
        naming.show_segment(talk, "")


_DO: Final[dict[str, Callable[[Talk, Manage, KnownSegment], bool]]] = {
    "show": looking.show,
    "reach": looking.reach,
    "export": looking.export,
    "why": looking.why,
    "rename": changing.rename,
    "describe": changing.describe,
    "edit": changing.edit,
    "duplicate": changing.duplicate,
    "recompute": changing.recompute,
    "cancel": changing.cancel,
    "delete": changing.delete,
}
