"""What the program does for a channel: keeps its events, knows its people, takes its notes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.answer import Json, read_answer
from adapters.channel import Delivery, Incoming
from bot import downloads, effects, journal, pairing
from bot.app import App
from bot.letters import Message, write_letter
from bot.lookups import EXPORTS
from planner.catalogue import Catalogue
from planner.chat import Context, Role
from planner.errors import Misconfigured, Unavailable
from planner.sheet import Sheet
from store import friends, operators, segments
from store.intake import Intake
from store.mailbox import Parcel

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


_KNOWN_SECONDS: Final = 0.5


@dataclass(slots=True)
class Desk:
    """Between one channel and the stores."""

    app: App
    intake: Intake
    came: Callable[[], None] = lambda: None
    """Called when an event waits to be handled."""
    _known: frozenset[str] = frozenset()
    """Who has a role, for as long as that is believed."""
    _known_until: float = 0.0

    async def accept(self, incoming: Incoming) -> bool:
        """Keep an event to be handled once; False if it was kept before.

        Raises:
            Unavailable: it could not be kept; the messenger should send it again.
        """
        message = Message(
            incoming.event, incoming.who, incoming.locale, incoming.granted or "", incoming.echo
        )
        channel = incoming.conversation.partition(":")[0]
        kept = await self.intake.accept(
            conversation=incoming.conversation,
            event_id=f"{channel}:{incoming.event_id}",
            body=write_letter(message),
        )
        if kept:
            self.came()
        return kept

    async def answered(self, conversation: str, event_id: str) -> bool:
        """Whether an event that was accepted has been handled.

        Raises:
            Unavailable: the store does not answer.
        """
        own = f"{conversation.partition(':')[0]}:{event_id}"
        return await journal.answer_to(self.app.db, conversation, own) is not None

    async def sheet(
        self, conversation: str, who: str, locale: str = "", granted: Role | None = None
    ) -> Sheet | None:
        """What stands in a conversation, for somebody who fills in a form; None for a stranger.

        Raises:
            Unavailable: a store does not answer, or there is no customer data.
        """
        app, as_of = self.app, self.app.settings.now()
        role = await effects.role_of(app.db, who, granted or "")
        if role is None:
            return None
        state = await journal.ahead(
            app.db, conversation, await app.conversations.load(conversation)
        )
        context = Context(
            now=as_of, zone=app.settings.zone, currency=app.settings.currency,
            segments=tuple(await segments.known(app.db)), locale=locale, who=who, role=role,
        )  # fmt: skip
        return Sheet(state, await self._catalogue(as_of), context)

    async def _catalogue(self, as_of: datetime) -> Catalogue:
        try:
            return await self.app.audience.catalogue(as_of)
        except Misconfigured as error:  # nothing was imported yet
            raise Unavailable(str(error)) from error

    def exported(self, name: str) -> Path:
        """Where a file of planner.chat.FileReply lies."""
        return self.app.settings.home / EXPORTS / Path(name).name

    @property
    def engine(self) -> "AsyncEngine":
        """The segment store's database, for what a channel has to keep there, such as tokens."""
        return self.app.db.engine

    async def role(self, who: str) -> Role | None:
        """The role that somebody has; None for a stranger.

        Raises:
            Unavailable: the store does not answer.
        """
        return await effects.role_of(self.app.db, who)

    async def is_stranger(self, who: str) -> bool:
        """Whether somebody surely has no role; cheap, and half a second old at the most.

        Raises:
            Unavailable: the store does not answer.
        """
        if time.monotonic() >= self._known_until:
            found = await operators.list_operators(self.app.db)
            self._known = frozenset(each.who for each in found)
            self._known_until = time.monotonic() + _KNOWN_SECONDS
        return who not in self._known

    async def recall(self, conversation: str, name: str) -> Json | None:
        """What the channel noted of a conversation.

        Raises:
            Unavailable: the store does not answer.
        """
        return await self.app.conversations.recall(conversation, name)

    async def note(self, conversation: str, name: str, value: Json) -> None:
        """Note something of a conversation, for as long as its state is kept.

        Raises:
            Unavailable: the store does not answer.
        """
        await self.app.conversations.note(conversation, name, value)

    async def pair(self, who: str, text: str) -> Role | None:
        """Make a stranger who sent an admin's one-time code an operator.

        Raises:
            Unavailable: the store does not answer.
        """
        app = self.app
        role = await pairing.pair(app.settings, app.db, app.conversations, who, text)
        if role is not None:
            self._known_until = 0.0
        return role

    async def call(self, who: str, name: str) -> None:
        """Remember what an operator without a name is called.

        Raises:
            Unavailable: the store does not answer.
        """
        async with self.app.db.begin() as connection:
            known = await operators.operator_in(connection, who)
            if known is not None and not known.name:
                await operators.put(
                    connection,
                    who,
                    name=" ".join(name.split())[:100],
                    role=known.role,
                    added_by=known.added_by,
                )

    async def link(self, who: str, file: str) -> str | None:
        """An address from which one person can fetch an exported file for some minutes."""
        return downloads.link(self.app.settings, who, file)

    async def friend(self, line_user_id: str, *, followed: bool, at: datetime) -> None:
        """A customer became a friend of a LINE account, or blocked it.

        Raises:
            Unavailable: the store does not answer.
        """
        await friends.note(self.app.db, line_user_id, followed=followed, at=at)


def delivery(parcel: Parcel) -> Delivery:
    """A parcel as its channel gets it."""
    body = parcel.body
    return Delivery(
        id=parcel.id,
        conversation=parcel.conversation,
        answer=read_answer(body),
        news=parcel.kind == journal.NEWS,
        who=body.get("who", ""),
        echo=body.get("echo", {}),
        attempt=parcel.attempts,
    )
