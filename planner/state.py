"""All that is kept of a conversation between two turns."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.chat import Status
from planner.commands import Answer
from planner.plan import AllOf

VERSION: Final = 1


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptOption(_Kept):
    """An option as it was shown, and what choosing it means."""

    id: str
    label: str
    answer: Answer


class Pending(_Kept):
    """The question that is open."""

    slot: str
    multiple: bool = False
    options: tuple[KeptOption, ...] = ()
    misses: int = 0
    """Answers in a row that could not be understood."""


class Exclusion(_Kept):
    """A finished segment whose members are left out."""

    segment_id: str
    name: str


class Editing(_Kept):
    """The segment whose plan the conversation is changing."""

    segment_id: str
    name: str
    revision: int
    """The one that was opened: somebody may have changed it since."""


class Managing(_Kept):
    """What is asked back about a segment that exists."""

    action: str
    segment_id: str = ""
    text: str = ""
    back: Status = "idle"
    """Where the conversation stood before."""


class Conversation(_Kept):
    """One conversation's state; a value, replaced by every step."""

    schema_version: Literal[1] = VERSION
    version: int = 0
    """Counts the steps: a button made for another version is an old one."""
    language: str = ""
    """en, zh-Hant, ja or th; empty until the person has written."""
    status: Status = "idle"
    draft: AllOf = AllOf()
    """The plan with its open points."""
    before: tuple[AllOf, ...] = Field(default=(), max_length=20)
    """Earlier drafts, newest last: undo."""
    touched: int | None = None
    """Place (from 1) of the root's item last added or changed."""
    pending: Pending | None = None
    suggested: tuple[str, ...] = ()
    """Suggestions made already."""
    exclude: tuple[Exclusion, ...] = ()
    confirmed: int | None = None
    """The version at which the plan was confirmed."""
    segment_id: str = ""
    """The segment made of this plan."""
    unclear: tuple[str, ...] = ()
    """Words that nothing understood and that are still to be said another way or left out."""
    shown: int = 0
    """The version that the newest buttons were made at."""
    name: str = ""
    """The name of the segment made of this plan."""
    declined: tuple[str, ...] = ()
    """What was asked for and can't be done."""
    card: str = ""
    """The segment whose card was shown last, if its buttons still count."""
    editing: Editing | None = None
    managing: Managing | None = None
    called: str = ""
    """A name to begin with, when a segment is duplicated."""
    described: str = ""
    """The description of the segment to be made."""
