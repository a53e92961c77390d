"""One turn: an event from the inbox becomes a new state, effects and an answer in the outbox.

The order of what is kept: the database first, in one transaction, with the state after the turn
inside the answer; then the state in Redis. Whoever is killed in between leaves a database that is
ahead, and the next turn goes on from there; killed before, the event is still in the inbox.
"""

import asyncio
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from adapters.answer import Answer
from bot import effects, journal, noted
from bot.letters import Message, read_letter
from bot.lookups import Lookups
from bot.reach import with_reach
from bot.readers import Readers, load_readers
from bot.settings import Settings
from bot.telemetry import Metrics, describe, log
from planner import rewriting
from planner.catalogue import Catalogue, Likeness
from planner.chat import Context, KnownSegment, OpenSegment, Said, Settled, TextReply, Turn
from planner.commands import Reading
from planner.dialog import step
from planner.effects import CreateSegment, RecomputeSegment, ReplanSegment
from planner.errors import Refused, Unavailable
from planner.existing import NeedsSegment
from planner.state import Conversation
from planner.wording import language_of, say
from store import mailbox, segments
from store.audience import Audience
from store.conversations import Conversations, StaleState
from store.database import Database
from store.mailbox import Letter

if TYPE_CHECKING:
    from bot.understanding import Understanding

LEASE_SECONDS: Final = 30
"""How long a letter is nobody else's; a turn takes a fraction of a second, and with a language
model up to DIVISI_PLANNER_SECONDS more, 20 at the most."""
MOST_ATTEMPTS: Final = 5
"""A letter whose turn has killed the process so often is answered with an apology."""
_MOST_STEPS: Final = 3
_QUEUEING: Final = (CreateSegment, ReplanSegment, RecomputeSegment)
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
    modelled: "Callable[[], Understanding] | None" = None
    """Makes both planners together; None: without a model the vocabulary reads alone."""
    likeness: Likeness | None = None
    """What finds values by meaning; None: by topics and spelling alone."""
    _loading: "asyncio.Task[Readers] | None" = None

    async def reader(self) -> Readers:
        """What reads utterances; its vocabularies load once, in a thread, and take a moment."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(load_readers, self.modelled))
        return await asyncio.shield(self._loading)

    async def next(self, conversation: str | None = None) -> bool:
        """Handle the oldest letter that is free, of one conversation or any; False if none is.

        Raises:
            Unavailable: an edge does not answer; the letter stays in the inbox.
        """
        letter = await self.claim(conversation)
        if letter is None:
            return False
        await self.finish(letter)
        return True

    async def claim(self, conversation: str | None = None) -> Letter | None:
        """The oldest letter that is free, for whoever takes it to finish.

        Raises:
            Unavailable: the database does not answer.
        """
        return await mailbox.next_letter(self.db, LEASE_SECONDS, conversation=conversation)

    async def finish(self, letter: Letter) -> None:
        """Handle a claimed letter, or give it back.

        Raises:
            Unavailable: an edge does not answer; the letter is in the inbox again.
        """
        try:
            await self.handle(letter)
        except Unavailable:
            await mailbox.release(self.db, letter.id)
            raise

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
        for attempt in range(_MOST_STEPS):
            turn, as_of = await self._step(state, message, letter, taken)
            try:
                if not await self._commit(letter, message, state, turn, as_of):
                    return
                break
            except Refused as error:
                # Another conversation was quicker: what it did is seen when the step is repeated.
                if attempt == _MOST_STEPS - 1:
                    if not error.message_id.startswith("role."):
                        raise
                    turn = _told(state, message, error.message_id)  # a right taken away just now
                    await self._commit(letter, message, state, turn, as_of)
                if error.message_id == "name_taken":
                    taken = (KnownSegment("", str(error.values["name"]), ""),)
        await self._save(letter, turn.state, before.version)
        await effects.clean_up(self.settings, turn.effects)
        if any(isinstance(effect, _QUEUEING) for effect in turn.effects):
            self.created()

    async def _step(
        self,
        state: Conversation,
        message: Message,
        letter: Letter,
        taken: tuple[KnownSegment, ...],
    ) -> tuple[Turn[Conversation], datetime]:
        as_of = self.settings.now()
        catalogue = replace(await self.audience.catalogue(as_of), likeness=self.likeness)
        role = await effects.role_of(
            self.db, message.who, message.granted, news=isinstance(message.event, Settled)
        )
        if role is None:
            return _turned_away(state, message), as_of
        context = Context(
            now=as_of,
            zone=self.settings.zone,
            currency=self.settings.currency,
            segments=(*await segments.known(self.db), *taken),
            new_id=uuid.uuid5(_IDS, letter.event_id).hex,
            locale=message.locale,
            who=message.who,
            role=role,
        )
        reading: Reading | None = None
        if isinstance(message.event, Said):
            reading = await self._reading(
                message.event, state, catalogue, context, letter.conversation
            )
        turn = await self._stepped(state, message, reading, catalogue, context)
        lookups = Lookups(self.settings, self.db, self.audience)
        turn = await lookups.filled(turn, _language(turn.state, message.locale))
        return await with_reach(turn, self.audience, as_of, lookups.files), as_of

    async def _reading(
        self,
        said: Said,
        state: Conversation,
        catalogue: Catalogue,
        context: Context,
        conversation: str,
    ) -> Reading:
        """What the text says; no transaction is open while a model is waited for."""
        readers = await self.reader()
        found = rewriting.rewritten(readers.read, said, state, catalogue, context)
        if found is not None:
            return found
        text, state = said.text, rewriting.pointed(said, state)
        if readers.both is None:
            return readers.read(text, state, catalogue, context)
        return await readers.both.reading(text, state, catalogue, context, conversation)

    async def _stepped(
        self,
        state: Conversation,
        message: Message,
        reading: Reading | None,
        catalogue: Catalogue,
        context: Context,
    ) -> Turn[Conversation]:
        """One step, with the segments that it wants to see whole."""
        while True:
            try:
                return step(state, message.event, reading, catalogue, context)
            except NeedsSegment as needs:
                found = await self._opened(needs.segment_id, context)
                context = replace(context, opened=(*context.opened, *found))
                if not found:  # deleted just now
                    left = (s for s in context.segments if s.segment_id != needs.segment_id)
                    context = replace(context, segments=tuple(left))

    async def _opened(self, segment_id: str, context: Context) -> tuple[OpenSegment, ...]:
        known = next(s for s in context.segments if s.segment_id == segment_id)
        found = await segments.get(self.db, segment_id)
        if found is None:
            return ()
        plan, exclude, as_of = found.listing
        if (plan, exclude) == (found.plan, found.exclude):
            return (OpenSegment(known, found.plan.root, as_of),)
        return (OpenSegment(known, found.plan.root, as_of, plan.root, exclude),)

    async def _commit(
        self,
        letter: Letter,
        message: Message,
        before: Conversation,
        turn: Turn[Conversation],
        as_of: datetime,
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
                asked = effects.Asked(message.who, letter.conversation, as_of, message.granted)
                await effects.carry_out(connection, effect, asked)
            await noted.note(connection, before, turn, message.who)
            await journal.write(connection, letter, message, answer, state)
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


def _turned_away(state: Conversation, message: Message) -> Turn[Conversation]:
    """The answer to somebody without a role: a polite sentence, and no number."""
    return _told(state, message, "role.stranger", who=message.who)


def _told(state: Conversation, message: Message, key: str, **values: str) -> Turn[Conversation]:
    """A turn that only says a sentence."""
    text = say(_language(state, message.locale), key, **values)
    return Turn(state.model_copy(update={"version": state.version + 1}), (TextReply(text),))


def _language(state: Conversation, locale: str) -> str:
    return state.language or language_of(locale)


def trouble(language: str, what: str, **values: str) -> str:
    """The sentence for something that went wrong on our side."""
    return say(language, f"trouble.{what}", **values)
