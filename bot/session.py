"""One conversation held in this process: what a terminal needs of the program."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from adapters.answer import Answer, Json
from bot import journal
from bot.app import App
from bot.letters import Message, write_letter
from bot.readers import Readers
from bot.turn import trouble
from planner import building
from planner.catalogue import Catalogue
from planner.chat import Began, Event, TextReply
from planner.errors import Misconfigured, Refused, Unavailable
from planner.plan import settled
from planner.state import Conversation
from planner.wording import language_of, say
from store import mailbox, segments

_PATIENCE_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.02
_NEWS_POLL_SECONDS: Final = 0.05


@dataclass(slots=True)
class Session:
    """Puts events into the inbox, runs their turns, and takes the answers from the outbox."""

    app: App
    conversation: str
    who: str = "terminal"
    locale: str = ""
    """The language of the terminal, e.g. "zh-TW"."""
    last: Answer = field(default_factory=lambda: Answer("en", "idle"))
    """The newest answer shown."""
    resumed: bool = False
    """Whether the conversation had begun before this process."""
    _unmarked: list[str] = field(default_factory=list)
    _owed: list[str] = field(default_factory=list)
    """Events that were kept while a store failed, and whose answers are still to be shown."""

    _warming: "asyncio.Task[Readers] | None" = None

    async def open(self) -> Answer:
        """The welcome; in a conversation that has begun before, where it stands.

        Raises:
            Misconfigured: there is no customer data yet, or a store can't be used.
            Unavailable: a store does not answer.
        """
        await self.app.audience.version()
        opening = await self._open()
        self._warming = asyncio.create_task(self.app.turns.reader())
        return opening

    async def _open(self) -> Answer:
        before = await self.state()
        if before.version == 0:
            return await self.send(Began())
        self.resumed = True
        self.last = await self._where_it_was(before)
        return self.last

    async def begin(self) -> Answer:
        """A new conversation, as with a person who was never here."""
        self.conversation = f"{self.conversation.split('#')[0]}#{uuid.uuid4().hex}"
        return await self.send(Began())

    async def send(self, event: Event) -> Answer:
        """Handle what the person did; when a store fails, the answer says so."""
        event_id = uuid.uuid4().hex
        kept = False
        try:
            message = Message(event, self.who, self.locale)
            body = write_letter(message)
            await mailbox.accept(
                self.app.db, conversation=self.conversation, event_id=event_id, body=body
            )
            kept = True
            self.last = await self._answer(event_id)
        except Unavailable:
            if kept:
                self._owed.append(event_id)
            await self.app.mend()
            text = trouble(self.last.language, "kept" if kept else "unavailable")
            return replace(self.last, replies=(TextReply(text),))
        return self.last

    async def _answer(self, event_id: str) -> Answer:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            worked = await self.app.turns.next(self.conversation)
            found = await journal.answer_to(self.app.db, self.conversation, event_id)
            if found is not None:
                self._unmarked.append(found.id)
                return await self._with_owed(found.answer)
            if not worked:
                await asyncio.sleep(_POLL_SECONDS)
        raise Unavailable("The answer takes too long.")

    async def _with_owed(self, answer: Answer) -> Answer:
        replies = answer.replies
        for event_id in reversed(self._owed):
            found = await journal.answer_to(self.app.db, self.conversation, event_id)
            if found is not None:
                self._unmarked.append(found.id)
                self._owed.remove(event_id)
                replies = (*found.answer.replies, *replies)
        return replace(answer, replies=replies)

    async def shown(self) -> None:
        """The answer taken last has been shown; killed before this, it is shown again."""
        while self._unmarked:
            await mailbox.delivered(self.app.db, self._unmarked[0])
            del self._unmarked[0]

    async def news(self, seconds: float) -> Answer | None:
        """The next news of this conversation, or None if there is none in so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            await self.app.turns.next(self.conversation)
            found = await journal.undelivered_news(self.app.db, self.conversation)
            if found is not None:
                self._unmarked.append(found.id)
                self.last = found.answer
                return found.answer
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            await asyncio.sleep(min(left, _NEWS_POLL_SECONDS))

    async def members(self) -> tuple[datetime, list[str]]:
        """The moment and the contact ids of the plan as it stands; nobody while there is none."""
        as_of, state = self.app.settings.now(), await self.state()
        root = settled(state.draft)
        if not root.items:
            return as_of, []
        files = []
        for exclusion in state.exclude:
            segment = await segments.get(self.app.db, exclusion.segment_id)
            if segment is not None and segment.members_file is not None:
                files.append(self.app.members / segment.members_file)
        return as_of, await self.app.audience.member_ids(root, as_of, files)

    async def forms(self) -> Json:
        """The plan's conditions as they are edited by hand, and all fields."""
        state, catalogue = await self._to_build()
        return building.overview(state, catalogue, state.language or language_of(self.locale))

    async def form(self, field: str, index: int | None) -> Json:
        """The form of a field, or of the condition at a place.

        Raises:
            Misconfigured: there is no such field or condition.
        """
        state, catalogue = await self._to_build()
        language = state.language or language_of(self.locale)
        try:
            return building.one_form(state, catalogue, language, field, index)
        except Refused as refusal:
            raise Misconfigured(say(language, refusal.message_id)) from refusal

    async def _to_build(self) -> tuple[Conversation, Catalogue]:
        catalogue = await self.app.audience.catalogue(self.app.settings.now())
        return await self.state(), catalogue

    async def state(self) -> Conversation:
        """The conversation as it stands."""
        kept = await self.app.conversations.load(self.conversation)
        return await journal.ahead(self.app.db, self.conversation, kept)

    async def _where_it_was(self, state: Conversation) -> Answer:
        while await self.app.turns.next(self.conversation):
            pass  # what was said before the program ended
        left = await journal.undelivered(self.app.db, self.conversation)
        self._unmarked += [kept.id for kept in left]
        newest = left[-1] if left else await journal.newest(self.app.db, self.conversation)
        if newest is None:
            return Answer(state.language or "en", state.status, version=state.shown)
        replies = [reply for kept in left[:-1] for reply in kept.answer.replies]
        return replace(newest.answer, replies=(*replies, *newest.answer.replies))
