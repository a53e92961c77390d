"""Segments that exist: who may do what with them, and which of them is meant."""

from typing import Final

from planner import naming
from planner.chat import Context, KnownSegment, OpenSegment, Role
from planner.state import Managing
from planner.talk import Talk

WHICH, DELETE, RENAME, DESCRIBE = (
    "segment.which",
    "segment.delete",
    "segment.rename",
    "segment.description",
)
SLOTS: Final = (WHICH, DELETE, RENAME, DESCRIBE)
"""Questions about segments that exist."""
_RIGHTS: Final[dict[Role, frozenset[str]]] = {
    "viewer": frozenset({"look"}),
    "creator": frozenset({"look", "make", "contacts"}),
    "admin": frozenset({"look", "make", "contacts", "others", "invite"}),
}


class NeedsSegment(Exception):  # noqa: N818 - no error: the step is to be taken again with it
    """The step has to see a segment's plan, which is not in its context."""

    def __init__(self, segment_id: str) -> None:
        super().__init__(segment_id)
        self.segment_id = segment_id


def may(context: Context, right: str) -> bool:
    """Whether the role has a right: look, make, contacts, invite, others (their segments)."""
    return right in _RIGHTS[context.role]


def opened(talk: Talk, segment: KnownSegment) -> OpenSegment:
    """The segment with its plan.

    Raises:
        NeedsSegment: it has to be read first.
    """
    for each in talk.context.opened:
        if each.segment.segment_id == segment.segment_id:
            return each
    raise NeedsSegment(segment.segment_id)


def by_id(talk: Talk, segment_id: str) -> KnownSegment | None:
    """The segment of that id, if it is there."""
    return next((s for s in talk.context.segments if s.segment_id == segment_id), None)


def named(talk: Talk, words: str) -> list[KnownSegment]:
    """The segments of that name; else those whose names hold the words."""
    wanted = naming.name_key(words)
    known = talk.context.segments
    exact = [s for s in known if s.segment_id == words or naming.name_key(s.name) == wanted]
    return exact or [s for s in known if wanted and wanted in naming.name_key(s.name)]


def at_hand(talk: Talk) -> list[KnownSegment]:
    """The segment shown, made or edited last; all of them where there is none."""
    editing = talk.state.editing
    ids = (talk.state.card, talk.state.segment_id, editing.segment_id if editing else "")
    near = next((s for s in (by_id(talk, each) for each in ids if each) if s), None)
    return [near] if near is not None else list(talk.context.segments)


def begin(talk: Talk, managing: Managing) -> None:
    """Remember what is asked about, and where the conversation stood."""
    before = talk.state.managing
    back = before.back if before is not None else talk.state.status
    talk.update(managing=managing.model_copy(update={"back": back}))


def end(talk: Talk) -> None:
    """The question about a segment is over: back to where the conversation stood."""
    managing = talk.state.managing
    if managing is not None:
        talk.update(status=managing.back, managing=None, pending=None)
