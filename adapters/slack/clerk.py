"""Between Slack and the desk: adds to what was heard who it was, and what they may."""

from dataclasses import dataclass

from adapters.channel import Desk, Incoming
from adapters.slack.events import Heard, direct
from adapters.slack.people import People
from adapters.slack.permit import Person
from planner.sheet import Sheet
from planner.wording import language_of, say

_JOINED = "joined"
"""Noted of threads that the bot was called into."""


@dataclass(slots=True)
class Clerk:
    """Hands on what was heard, and fetches what stands in a conversation."""

    desk: Desk
    people: People

    async def take(self, heard: Heard | None) -> None:
        """Keep what was heard, unless it wasn't said to the bot by somebody who may.

        Raises:
            Unavailable: it could not be kept.
        """
        if heard is None:
            return
        person = heard.person
        granted = await self.people.granted(person)
        if not heard.conversation.endswith(":dm"):
            if heard.addressed:
                await self.desk.note(heard.conversation, _JOINED, {"by": person.user})
            elif not await self._part_of(heard, granted is not None):
                return
        locale = await self.people.locale(person)
        await self.desk.accept(
            Incoming(
                heard.conversation, heard.event_id, heard.event, person.who, locale, granted,
                heard.echo,
            )
        )  # fmt: skip

    async def _part_of(self, heard: Heard, permitted: bool) -> bool:
        """Whether a message in a thread is said to the bot, by somebody who may."""
        if await self.desk.recall(heard.conversation, _JOINED) is None:
            return False
        return permitted or await self.desk.role(heard.person.who) is not None

    async def sheet(self, person: Person, conversation: str = "") -> Sheet | None:
        """What stands in a conversation, their own if none is named; None for a stranger.

        Raises:
            Unavailable: a store or Slack does not answer.
        """
        granted, locale = await self.people.granted(person), await self.people.locale(person)
        return await self.desk.sheet(conversation or direct(person), person.who, locale, granted)

    async def language(self, person: Person) -> str:
        """The language that the person has set in Slack, as far as it is one of the four."""
        return language_of(await self.people.locale(person))

    async def say(self, person: Person, key: str, **values: str) -> str:
        """A sentence in that language."""
        return say(await self.language(person), key, **values)
