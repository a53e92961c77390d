"""What a turn does to segments, carried out by whoever runs it."""

from dataclasses import dataclass

from planner.plan import AllOf


@dataclass(frozen=True, slots=True)
class CreateSegment:
    """Effect: keep the confirmed plan and have it computed."""

    segment_id: str
    name: str
    description: str
    plan: AllOf
    exclude: tuple[str, ...]
    key: str
    """Confirming the same plan version of the same conversation twice is one segment."""


@dataclass(frozen=True, slots=True)
class CancelSegment:
    """Effect: stop computing a segment."""

    segment_id: str


@dataclass(frozen=True, slots=True)
class ReplanSegment:
    """Effect: give a segment another plan and have it computed; its list stays until then."""

    segment_id: str
    plan: AllOf
    exclude: tuple[str, ...]
    revision: int
    """The revision that was edited; another one by now makes it fail."""


@dataclass(frozen=True, slots=True)
class RecomputeSegment:
    """Effect: compute a segment again with the data of now."""

    segment_id: str


@dataclass(frozen=True, slots=True)
class RenameSegment:
    """Effect: another name."""

    segment_id: str
    name: str
    revision: int


@dataclass(frozen=True, slots=True)
class DescribeSegment:
    """Effect: another description."""

    segment_id: str
    description: str
    revision: int


@dataclass(frozen=True, slots=True)
class DeleteSegment:
    """Effect: a segment and its list are gone."""

    segment_id: str


Effect = (
    CreateSegment
    | CancelSegment
    | ReplanSegment
    | RecomputeSegment
    | RenameSegment
    | DescribeSegment
    | DeleteSegment
)
