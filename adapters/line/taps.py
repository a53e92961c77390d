"""What a button carries: an id of ours, never text that has to be read.

At most 300 characters come back with a tap, so parts are short and joined by colons; the last
part may hold colons itself.
"""

from dataclasses import dataclass
from typing import Final, Literal

from planner.building import Edit
from planner.chat import Built, Chose, Event, Said
from planner.wording import LANGUAGES, suggested_prompts

OPTION: Final = "o"
SEGMENT: Final = "s"
REMOVE: Final = "x"
PROMPT: Final = "q"
TICK: Final = "t"
DONE: Final = "g"
MORE: Final = "m"
REWRITE: Final = "w"
PICK: Final = "d"
Side = Literal["since", "until"]
_SIDES: Final[dict[str, Side]] = {"since": "since", "until": "until"}


@dataclass(frozen=True, slots=True)
class Tick:
    """An option of a question with several answers, on or off."""

    version: int
    option: str
    on: bool


@dataclass(frozen=True, slots=True)
class Done:
    """All are ticked that are meant."""

    version: int


@dataclass(frozen=True, slots=True)
class More:
    """Another page of a question's options."""

    version: int
    page: int


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The keyboard opened with the words of a condition."""

    version: int
    index: int


@dataclass(frozen=True, slots=True)
class Picked:
    """A date for one end of a condition's time."""

    version: int
    index: int
    side: Side


Tap = Event | Tick | Done | More | Rewriting | Picked


def option(version: int, option_id: str) -> str:
    """A question's or a card's button."""
    return f"{OPTION}:{version}:{option_id}"


def segment(action: str, segment_id: str) -> str:
    """A button about a segment, good at any time."""
    return f"{SEGMENT}:{action}:{segment_id}"


def prompt(language: str, place: int) -> str:
    """One of the suggested requests, from 1."""
    return f"{PROMPT}:{language}:{place}"


def tick(version: int, option_id: str, *, on: bool) -> str:
    """An option's box."""
    return f"{TICK}:{version}:{int(on)}:{option_id}"


def done(version: int) -> str:
    """The button under the boxes."""
    return f"{DONE}:{version}"


def more(version: int, page: int) -> str:
    """To another page of options."""
    return f"{MORE}:{version}:{page}"


def rewrite(version: int, index: int) -> str:
    """Opens the keyboard with a condition's words."""
    return f"{REWRITE}:{version}:{index}"


def remove(version: int, index: int) -> str:
    """Takes a condition out."""
    return f"{REMOVE}:{version}:{index}"


def pick(version: int, index: int, side: Side) -> str:
    """Opens the date picker."""
    return f"{PICK}:{version}:{index}:{side}"


def read(data: str) -> Tap | None:
    """What a tap means; None where it is none of Divisi's, such as a button of the brand's."""
    kind, _, rest = data.partition(":")
    try:
        return _read(kind, rest)
    except (ValueError, IndexError):
        return None


def _read(kind: str, rest: str) -> Tap | None:
    if kind == SEGMENT:
        action, _, segment_id = rest.partition(":")
        return Chose((f"{action}:{segment_id}",)) if action and segment_id else None
    if kind == PROMPT:
        language, _, place = rest.partition(":")
        known = language in LANGUAGES and int(place) > 0
        return Said(suggested_prompts(language)[int(place) - 1]) if known else None
    number, _, rest = rest.partition(":")
    return _versioned(kind, int(number), rest)


def _versioned(kind: str, version: int, rest: str) -> Tap | None:
    first, _, last = rest.partition(":")
    if kind == OPTION and rest:
        return Chose((rest,), version)
    if kind == TICK and last and first in "01":
        return Tick(version, last, first == "1")
    if kind == PICK and last in _SIDES:
        return Picked(version, int(first), _SIDES[last])
    if kind == DONE:
        return Done(version)
    return _placed(kind, version, int(rest))


def _placed(kind: str, version: int, place: int) -> Tap | None:
    if kind == MORE:
        return More(version, place)
    if kind == REWRITE:
        return Rewriting(version, place)
    if kind == REMOVE:
        return Built(Edit(kind="remove", index=place).model_dump_json(), version)
    return None
