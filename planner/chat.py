"""What goes into a conversation and comes out of it, on any channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from planner.effects import Effect
from planner.lookups import Lookup
from planner.plan import AllOf

S = TypeVar("S")

Status = Literal[
    "idle", "asking", "ready", "declined", "naming", "created", "finished", "failed"
]  # fmt: skip
Role = Literal["viewer", "creator", "admin"]


@dataclass(frozen=True, slots=True)
class Said:
    """The person typed a text."""

    text: str
    about: int | None = None
    """The place, from 0, of the condition whose words the person was given to edit."""
    version: int | None = None
    """The conversation's version that they were given at."""


@dataclass(frozen=True, slots=True)
class Chose:
    """The person tapped options of a question or card."""

    ids: tuple[str, ...]
    version: int | None = None
    """The conversation's version that the buttons were made for; None: the newest."""


@dataclass(frozen=True, slots=True)
class Began:
    """The person opened a new conversation."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The worker is done with a segment of this conversation."""

    segment_id: str
    name: str
    status: Literal["finished", "failed"]
    count: int | None = None
    seconds: float = 0.0
    reason: str = ""
    """For a failed one: a message id."""


@dataclass(frozen=True, slots=True)
class Built:
    """The person changed the plan by a form, without a sentence."""

    edit: str
    """A planner.building.Edit as JSON."""
    version: int | None = None
    """The conversation's version that the form was opened at; None: the newest."""


@dataclass(frozen=True, slots=True)
class Named:
    """The person confirmed the plan by a form: what the new segment is to be called, and more."""

    name: str
    description: str = ""
    exclude: tuple[str, ...] = ()
    """Ids of the segments to leave out, in place of those left out so far."""
    version: int | None = None
    """The conversation's version that the form was opened at; None: the newest."""


Event = Said | Chose | Built | Named | Began | Settled


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer, as a button."""

    id: str
    label: str
    plan: AllOf | None = None
    """The plan as it would be; whoever runs the turn counts it and fills `reach`."""
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class TextReply:
    """A sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Welcome(TextReply):
    """The welcome: its text holds all of it, the parts are for channels with buttons."""

    greeting: str
    prompts: tuple[str, ...]
    """Requests to begin with."""


@dataclass(frozen=True, slots=True)
class FileReply(TextReply):
    """A file for the person; the text says where it lies, for channels that can't hand it over."""

    name: str
    """What it is a list of."""
    file: str
    """Its name in the folder of exports."""
    count: int
    """How many contacts are in it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with options; a typed answer always works too."""

    slot: str
    text: str
    options: tuple[Option, ...] = ()
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class PlanCard:
    """The plan to confirm: its conditions stand in the turn's view."""

    text: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentCard:
    """One segment and what can be done with it."""

    segment_id: str
    name: str
    status: str
    text: str = ""
    count: int | None = None
    options: tuple[Option, ...] = ()
    seconds: float | None = None
    """How long computing it took; told where it has just been done."""
    viewed: bool = False
    """Whether the turn's view is of this segment's plan."""


@dataclass(frozen=True, slots=True)
class SegmentList:
    """Several segments."""

    items: tuple[SegmentCard, ...] = ()


Reply = TextReply | Question | PlanCard | SegmentCard | SegmentList


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition as people read it."""

    id: str
    text: str
    plan: AllOf
    """That condition alone, to be counted."""
    reach: int | None = None
    left: int | None = None
    """How many meet this condition and all before it."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan as it stands, as people read it; whoever runs the turn fills in the counts."""

    conditions: tuple[ConditionView, ...]
    plan: AllOf
    exclude: tuple[str, ...] = ()
    """Ids of the segments left out."""
    reach: int | None = None
    """How many meet the whole plan and are in no segment left out."""
    excluded: int | None = None
    """How many meet the whole plan and are left out; None where nobody can be."""
    reachable: Mapping[str, int] = field(default_factory=dict)
    """How many of them can be reached, by channel."""


@dataclass(frozen=True, slots=True)
class KnownSegment:
    """A segment that exists, as far as a conversation has to know."""

    segment_id: str
    name: str
    status: str
    count: int | None = None
    revision: int = 1
    """Stepped by every change that somebody made; whoever changes it tells which one was seen."""
    listed: bool = False
    """Whether there is a finished list of members, if only an earlier one."""
    asked_by: str = ""
    description: str = ""
    """The person's own words for it."""
    exclude: tuple[str, ...] = ()
    """Ids of the segments that it leaves out."""


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """A segment with its plan, for whoever asked about it."""

    segment: KnownSegment
    plan: AllOf
    as_of: datetime
    """The moment its list was computed for, or is to be."""
    listed: AllOf | None = None
    """The plan that its finished list is of, where that is another."""
    listed_exclude: tuple[str, ...] = ()
    """The segments that the list leaves out, where its plan is another."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a step is told of the world."""

    now: datetime
    """The moment of as_of, aware."""
    zone: ZoneInfo
    currency: str = "TWD"
    segments: tuple[KnownSegment, ...] = ()
    """Existing segments, newest first."""
    new_id: str = ""
    """The id that a segment created by this step would get."""
    locale: str = ""
    """The language that the messenger reports for the person, a prior for the conversation's."""
    who: str = ""
    """The person at the messenger, as segments keep who asked for them."""
    role: Role = "admin"
    opened: tuple[OpenSegment, ...] = ()
    """The segments that this step wanted to see whole."""


@dataclass(frozen=True, slots=True)
class Turn(Generic[S]):
    """What one step gives."""

    state: S
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()
    view: PlanView | None = field(default=None)
    lookups: tuple[Lookup, ...] = ()
