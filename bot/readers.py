"""What reads utterances: the vocabulary alone, and with a language model where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Reading
from planner.state import Conversation

if TYPE_CHECKING:
    from bot.understanding import Understanding

Read = Callable[[str, Conversation, Catalogue, Context], Reading]


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads utterances."""

    read: Read
    """The vocabulary alone."""
    both: "Understanding | None"
    """The vocabulary with a language model, where there is one."""


def load_readers(modelled: "Callable[[], Understanding] | None") -> Readers:
    """Both, ready to read; takes a moment, and is for a thread."""
    from planner.understand import read  # noqa: PLC0415 - loaded beside the welcome

    moment = Context(datetime.fromtimestamp(0, UTC), ZoneInfo("UTC"))
    read("", Conversation(), Catalogue(), moment)
    return Readers(read, None if modelled is None else modelled())
