"""What the program does for a channel: keeps its events, knows its people, takes its notes."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.answer import Json, read_answer
from adapters.channel import Delivery, Incoming
from bot import effects, journal
from bot.app import App
from bot.letters import Message, write_letter
from planner.chat import Role
from store.intake import Intake
from store.mailbox import Parcel


@dataclass(slots=True)
class Desk:
    """Between one channel and the stores."""

    app: App
    intake: Intake
    came: Callable[[], None] = lambda: None
    """Called when an event waits to be handled."""

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

    async def role(self, who: str) -> Role | None:
        """The role that somebody has; None for a stranger.

        Raises:
            Unavailable: the store does not answer.
        """
        return await effects.role_of(self.app.db, who)

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
