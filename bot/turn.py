"""One turn: an event from the inbox becomes a new state, effects and an answer in the outbox.

The order of what is kept: the database first, in one transaction, with the state after the turn
inside the answer; then the state in Redis. Whoever is killed in between leaves a database that is
ahead, and the next turn goes on from there; killed before, the event is still in the inbox.
"""

import asyncio
import hashlib
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.answer import Answer
from bot import journal
from bot.letters import Message, read_letter
from bot.reach import with_reach
from bot.settings import Settings
from bot.telemetry import Metrics, describe, log
from planner.catalogue import Catalogue
from planner.chat import Context, CreateSegment, Effect, KnownSegment, Said, TextReply, Turn
from planner.commands import Reading
from planner.dialog import step
from planner.errors import Refused, Unavailable
from planner.plan import Plan
from planner.state import Conversation
from planner.wording import language_of, say
from store import mailbox, segments
from store.audience import Audience
from store.conversations import Conversations, StaleState
from store.database import Database
from store.mailbox import Letter

LEASE_SECONDS: Final = 30
"""How long a letter is nobody else's; a turn takes a fraction of a second."""
MOST_ATTEMPTS: Final = 5
"""A letter whose turn has killed the process so often is answered with an apology."""
Read = Callable[[str, Conversation, Catalogue, Context], Reading]
_IDS = uuid.UUID("6f1f2a52-6d0c-4f43-9a0a-5b6f3f3d9f0e")


@dataclass(slots=True)
class Turns:
    """Runs turns: what `divisi chat`, `serve`, `web` and `slack` have in common."""

    settings: Settings
    db: Database
    conversations: Conversations
    audience: Audience
    created: Callable[[], None] = lambda: None
    """Called when a segment waits to be computed."""
    metrics: Metrics | None = None
    _loading: "asyncio.Task[Read] | None" = None

    async def reader(self) -> Read:
        """What reads utterances; its vocabularies load once, in a thread, and take a moment."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(_load_reader))
        return await asyncio.shield(self._loading)

    async def next(self, conversation: str | None = None) -> bool:
        """Handle the oldest letter that is free, of one conversation or any; False if none is.

        Raises:
            Unavailable: an edge does not answer; the letter stays in the inbox.
        """
        letter = await mailbox.next_letter(self.db, LEASE_SECONDS, conversation=conversation)
        if letter is None:
            return False
        try:
            await self.handle(letter)
        except Unavailable:
            await mailbox.release(self.db, letter.id)
            raise
        return True

    async def handle(self, letter: Letter) -> None:
        """Run the turn of a claimed letter and commit what comes of it.

        Raises:
            Unavailable: an edge does not answer; nothing has changed.
        """
        started = time.perf_counter()
        outcome = "answered"
        async with self.conversations.lock(letter.conversation):
            try:
                await self._run(letter)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the conversation goes on
                outcome = "failed"
                await self._apologise(letter, error)
        if self.metrics is not None:
            self.metrics.turn(outcome, time.perf_counter() - started)

    async def _run(self, letter: Letter) -> None:
        if letter.attempts > MOST_ATTEMPTS:
            raise RuntimeError
        message = read_letter(letter.body)
        before = await self.conversations.load(letter.conversation)
        state = await journal.ahead(self.db, letter.conversation, before)
        taken: tuple[KnownSegment, ...] = ()
        while True:
            turn, as_of = await self._step(state, message, letter.event_id, taken)
            try:
                if not await self._commit(letter, message, turn, as_of):
                    return
                break
            except Refused as error:  # another conversation took the name meanwhile
                if taken or error.message_id != "name_taken":
                    raise
                taken = (KnownSegment("", str(error.values["name"]), ""),)
        await self._save(letter, turn.state, before.version)
        if any(isinstance(effect, CreateSegment) for effect in turn.effects):
            self.created()

    async def _step(
        self,
        state: Conversation,
        message: Message,
        event_id: str,
        taken: tuple[KnownSegment, ...],
    ) -> tuple[Turn[Conversation], datetime]:
        as_of = self.settings.now()
        catalogue = await self.audience.catalogue(as_of)
        context = Context(
            now=as_of,
            zone=self.settings.zone,
            currency=self.settings.currency,
            segments=(*await segments.known(self.db), *taken),
            new_id=uuid.uuid5(_IDS, event_id).hex,
            locale=message.locale,
        )
        reading: Reading | None = None
        if isinstance(message.event, Said):
            read = await self.reader()
            reading = read(message.event.text, state, catalogue, context)
        turn = step(state, message.event, reading, catalogue, context)
        return await with_reach(turn, self.audience, as_of), as_of

    async def _commit(
        self, letter: Letter, message: Message, turn: Turn[Conversation], as_of: datetime
    ) -> bool:
        """Keep what the turn gave; False, and nothing kept, if the letter was done meanwhile."""
        state = turn.state
        answer = Answer(
            _language(state, message.locale), state.status, turn.replies, turn.view, state.shown
        )
        async with self.db.begin() as connection:
            if not await mailbox.done(connection, letter.id):
                return False
            for effect in turn.effects:
                await _carry_out(connection, effect, letter.conversation, message.who, as_of)
            await journal.write(connection, letter, message.event, answer, state)
        return True

    async def _save(self, letter: Letter, state: Conversation, before: int) -> None:
        try:
            await self.conversations.save(letter.conversation, state, before)
        except (StaleState, Unavailable) as error:
            # the database holds the newer state, and the next turn starts from the newest
            log().warning("state not saved", letter_id=letter.id, **describe(error))

    async def _apologise(self, letter: Letter, error: Exception) -> None:
        """Log an error under an id, say sorry with that id, and let the conversation go on."""
        error_id = secrets.token_hex(4)
        log().error(
            "turn failed", error_id=error_id, letter_id=letter.id, attempt=letter.attempts,
            event_kind=str(letter.body.get("kind")), **describe(error),
        )  # fmt: skip
        before = await self.conversations.load(letter.conversation)
        state = await journal.ahead(self.db, letter.conversation, before)
        language = _language(state, str(letter.body.get("locale", "")))
        text = trouble(language, "unexpected", id=error_id)
        answer = Answer(language, state.status, (TextReply(text),), None, state.shown)
        async with self.db.begin() as connection:
            await journal.write(connection, letter, None, answer, state)
            await mailbox.dead(connection, letter.id, error_id)


def _load_reader() -> Read:
    from planner.understand import read  # noqa: PLC0415 - loaded beside the welcome

    moment = Context(datetime.fromtimestamp(0, UTC), ZoneInfo("UTC"))
    read("", Conversation(), Catalogue(), moment)
    return read


async def _carry_out(
    connection: AsyncConnection, effect: Effect, conversation: str, who: str, as_of: datetime
) -> None:
    if not isinstance(effect, CreateSegment):
        await segments.cancel(connection, effect.segment_id)
        await mailbox.audit(connection, who=who, act="segment.cancel", what=effect.segment_id)
        return
    plan = Plan(root=effect.plan)
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()[:16]
    await segments.create(
        connection,
        segment_id=effect.segment_id,
        name=effect.name,
        description=effect.description,
        plan=plan,
        exclude=effect.exclude,
        as_of=as_of,
        asked_by=who,
        conversation=conversation,
        key=f"{conversation}:{effect.key}:{digest}",
    )
    await mailbox.audit(connection, who=who, act="segment.create", what=effect.segment_id)


def _language(state: Conversation, locale: str) -> str:
    return state.language or language_of(locale)


def trouble(language: str, what: str, **values: str) -> str:
    """The sentence for something that went wrong on our side."""
    return say(language, f"trouble.{what}", **values)
