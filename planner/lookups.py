"""What only the data can answer: whoever runs the turn looks it up, and words it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.plan import AllOf

if TYPE_CHECKING:
    from planner.chat import KnownSegment, Role


@dataclass(frozen=True, slots=True)
class Why:
    """Why a contact is in a plan or not."""

    contact_id: str
    plan: AllOf
    name: str = ""
    """The segment that is meant; empty: the plan under way."""
    segment_id: str = ""
    exclude: tuple[str, ...] = ()
    """The segments that the plan under way leaves out."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many contacts two segments share."""

    segments: tuple["KnownSegment", "KnownSegment"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of a segment's members can be reached, by channel."""

    segment: "KnownSegment"


@dataclass(frozen=True, slots=True)
class Export:
    """A segment's members as a file."""

    segment: "KnownSegment"
    columns: tuple[str, ...] = ()
    """Besides the ids."""


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-time code that makes whoever sends it an operator."""

    role: "Role"
    who: str
    """The admin who invites."""


Lookup = Why | Overlap | Reach | Export | Invite
"""What only the data can answer, as text before the replies."""
