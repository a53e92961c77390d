"""What a messenger is to the program, and the program to a messenger."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from adapters.answer import Answer, Json
from planner.chat import Event, Role
from planner.sheet import Sheet

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine
    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that a person did at the messenger."""

    conversation: str
    """The channel's name, a colon, and whatever tells its conversations apart."""
    event_id: str
    """The messenger's own, the same when it sends the event again."""
    event: Event
    who: str
    """The channel's name, a colon, and the person's id there."""
    locale: str = ""
    """The language that the messenger reports for the person, e.g. "zh-TW"."""
    granted: Role | None = None
    """The role that the channel's configuration gives to whoever has none of their own."""
    echo: Mapping[str, str] = field(default_factory=dict)
    """What comes back with the answer, such as a reply token or the message that was tapped."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer or news on its way to a conversation."""

    id: str
    """A UUID, the same at every attempt: a retry key."""
    conversation: str
    answer: Answer
    news: bool
    """Whether nobody waits for it, such as a segment that is ready."""
    who: str
    """Whom it answers; for news, who asked for the segment."""
    echo: Mapping[str, str]
    """What the event carried that it answers; empty for news."""
    attempt: int
    """Counts from 1."""


class Desk(Protocol):
    """What the program does for a channel."""

    async def accept(self, incoming: Incoming) -> bool:
        """Keep an event to be handled once; False if it was kept before.

        Raises:
            Unavailable: it could not be kept; the messenger should send it again.
        """

    async def answered(self, conversation: str, event_id: str) -> bool:
        """Whether an event that was accepted has been handled.

        Raises:
            Unavailable: the store does not answer.
        """

    async def sheet(
        self, conversation: str, who: str, locale: str = "", granted: Role | None = None
    ) -> Sheet | None:
        """What stands in a conversation, for somebody who fills in a form; None for a stranger.

        Raises:
            Unavailable: a store does not answer, or there is no customer data.
        """

    def exported(self, name: str) -> Path:
        """Where a file of planner.chat.FileReply lies."""

    @property
    def engine(self) -> "AsyncEngine":
        """The segment store's database, for what a channel has to keep there, such as tokens."""

    async def role(self, who: str) -> Role | None:
        """The role that somebody has; None for a stranger.

        Raises:
            Unavailable: the store does not answer.
        """

    async def is_stranger(self, who: str) -> bool:
        """Whether somebody surely has no role; cheap, and half a second old at the most.

        Raises:
            Unavailable: the store does not answer.
        """

    async def recall(self, conversation: str, name: str) -> Json | None:
        """What the channel noted of a conversation, such as the message that shows its plan.

        Raises:
            Unavailable: the store does not answer.
        """

    async def note(self, conversation: str, name: str, value: Json) -> None:
        """Note something of a conversation, for as long as its state is kept.

        Raises:
            Unavailable: the store does not answer.
        """

    async def pair(self, who: str, text: str) -> Role | None:
        """Make a stranger who sent an admin's one-time code an operator.

        Whatever else the text is, it is kept nowhere.

        Raises:
            Unavailable: the store does not answer.
        """

    async def call(self, who: str, name: str) -> None:
        """Remember what an operator without a name is called.

        Raises:
            Unavailable: the store does not answer.
        """

    async def link(self, who: str, file: str) -> str | None:
        """An address from which one person can fetch an exported file for some minutes.

        None where the web server can't be reached from outside.
        """

    async def friend(self, line_user_id: str, *, followed: bool, at: datetime) -> None:
        """A customer became a friend of a LINE account, or blocked it.

        Raises:
            Unavailable: the store does not answer.
        """


class Channel(Protocol):
    """A messenger that is connected."""

    def routes(self) -> "Sequence[BaseRoute]":
        """Where the messenger's webhooks arrive; none where it is asked over a socket."""

    async def send(self, delivery: Delivery) -> None:
        """Show an answer.

        Raises:
            Unavailable: the messenger does not answer; it is tried again later.
            Refused: it never will be shown.
        """

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear what arrives over a socket until `stop` is set; returns at once without one."""
