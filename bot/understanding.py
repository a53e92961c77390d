"""Both planners together: the vocabulary reads every text, a language model where it is worth it.

Whatever happens at the model, there is a reading, and in time: the vocabulary's own at the least.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from adapters.model.client import MOST_TOKENS, NoReply, Reply
from bot.telemetry import describe, log
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Reading
from planner.errors import Unavailable
from planner.model.answer import NoAnswer, Reader, Understood, read_answer
from planner.model.conditions import Faulty
from planner.model.prompt import VERSION, Prompt, prompt
from planner.model.reconcile import reconciled
from planner.model.redact import redact
from planner.model.route import Mode, is_asked, is_elsewhere
from planner.model.said import spoken
from planner.state import Conversation
from planner.understand import read
from planner.windows import local_date
from store.model_use import ModelUse

_SLACK_SECONDS: Final = 0.5
"""The model's own time limit ends first, and says so."""
_LEAST_SECONDS: Final = 1.0
"""Less time is not worth a second request."""
_CUT: Final = "it was cut off; say it with fewer words and leave out what is empty"


class Asked(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def resting(self) -> bool:
        """Whether it is not asked for a while."""

    async def close(self) -> None:
        """Give the connections back."""

    def unshaped(self) -> None:
        """Tell that the answer was not in the shape asked for."""

    async def ask(self, prompt: Prompt, seconds: float) -> Reply:
        """The answer to a prompt, within so many seconds.

        Raises:
            NoReply: there is none.
        """


class Counts(Protocol):
    """Where use is counted: the metrics, or a benchmark."""

    def model(self, name: str, outcome: str, seconds: float) -> None:
        """Count a text that a model was asked about."""

    def model_tokens(self, name: str, sent: int, received: int) -> None:
        """Count the tokens of one request."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance and all that it is read with."""

    text: str
    state: Conversation
    catalogue: Catalogue
    context: Context
    conversation: str = ""

    @property
    def day(self) -> date:
        """The local date."""
        return local_date(self.context.now, self.context.zone)


@dataclass(slots=True)
class Understanding:
    """Reads utterances with a model at hand."""

    model: Asked
    use: ModelUse | None = None
    """Budget, answers and utterances; None: nothing is kept, and nothing is limited."""
    mode: Mode = "auto"
    seconds: float = 12.0
    tokens: int = 0
    """Tokens a person and day; 0: no limit."""
    counts: Counts | None = None

    async def close(self) -> None:
        """Give all connections back."""
        await self.model.close()
        if self.use is not None:
            await self.use.close()

    async def reading(
        self,
        text: str,
        state: Conversation,
        catalogue: Catalogue,
        context: Context,
        conversation: str = "",
    ) -> Reading:
        """What an utterance says; never later than the time limit, and never an error."""
        heard = Heard(text, state, catalogue, context, conversation)
        own = read(text, state, catalogue, context)
        found = own
        if is_asked(self.mode, text, own, state):
            found = await self._with_model(heard, own)
        if not is_elsewhere(own.commands, state):
            await self._remember(heard)
        return found

    async def _with_model(self, heard: Heard, own: Reading) -> Reading:
        started = time.monotonic()
        outcome, found = "failed", own
        try:
            async with asyncio.timeout(self.seconds + _SLACK_SECONDS):
                found, outcome = await self._both(heard, own, started + self.seconds)
        except NoReply as error:
            outcome = error.outcome
        except Faulty:
            outcome = "wrong"
        except TimeoutError:
            outcome = "timeout"
        except Unavailable:
            outcome = "unavailable"
        except Exception as error:  # noqa: BLE001 - the person gets the built-in planner's reading
            log().error("model reading failed", **describe(error))
        if self.counts is not None:
            self.counts.model(self.model.name, outcome, time.monotonic() - started)
        if outcome not in ("understood", "kept"):
            log().warning("built-in planner alone", status=outcome)
        return found

    async def _both(self, heard: Heard, own: Reading, until: float) -> tuple[Reading, str]:
        before = await self._before(heard)
        asked = prompt(heard.text, heard.state, heard.catalogue, heard.context, before)
        said = spoken(heard.text, own, heard.state, heard.catalogue, heard.context)
        reader = _Reads(asked, Reader(said, heard.state, heard.catalogue, heard.context))
        understood, outcome = await self._kept(reader), "kept"
        if understood is None:
            understood, outcome = await self._asked(heard, reader, until), "understood"
        both = reconciled(own, understood, heard.state, heard.catalogue, heard.context)
        return both, outcome

    async def _asked(self, heard: Heard, reads: "_Reads", until: float) -> Understood:
        """What the model makes of it; what can't be used goes back once, with the reason."""
        text = ""
        try:
            text = (await self._reply(heard, reads.asked, until)).text
            understood = reads.answer(text)
        except NoReply as error:
            if error.outcome != "cut":
                raise
            faults = _CUT
        except Faulty as fault:
            faults = str(fault)
            if isinstance(fault, NoAnswer):
                self.model.unshaped()
        else:
            await self._keep(reads, text)
            return understood
        if until - time.monotonic() < _LEAST_SECONDS:
            raise Faulty(faults)
        text = (await self._reply(heard, reads.asked.again(text, faults), until)).text
        understood = reads.answer(text)
        await self._keep(reads, text)
        return understood

    async def _reply(self, heard: Heard, asked: Prompt, until: float) -> Reply:
        if self.model.resting:
            raise NoReply("resting")
        reserved = _about(asked)
        if not await self._reserved(heard, reserved):
            raise NoReply("over_budget")
        used = (0, 0)
        try:
            reply = await self.model.ask(asked, max(0.1, until - time.monotonic()))
            used = (reply.sent, reply.received)
        except NoReply as error:
            used = error.tokens
            raise
        finally:
            await self._settle(heard, reserved, used)
        return reply

    # ── what is kept ─────────────────────────────────────────────────────────────────────────────

    async def _reserved(self, heard: Heard, tokens: int) -> bool:
        if self.use is None:
            return True
        who = heard.context.who or heard.conversation
        return await self.use.reserve(who, heard.day, tokens, self.tokens)

    async def _settle(self, heard: Heard, reserved: int, used: tuple[int, int]) -> None:
        if self.counts is not None:
            self.counts.model_tokens(self.model.name, *used)
        if self.use is not None and self.tokens:
            who = heard.context.who or heard.conversation
            with contextlib.suppress(Unavailable):
                await self.use.settle(who, heard.day, reserved, sum(used))

    async def _kept(self, reads: "_Reads") -> Understood | None:
        """The answer to an identical request, looked at again: what is known may have changed."""
        if self.use is None:
            return None
        with contextlib.suppress(Unavailable, Faulty):
            text = await self.use.answer(self._request(reads.asked))
            return None if text is None else reads.answer(text)
        return None

    async def _keep(self, reads: "_Reads", text: str) -> None:
        if self.use is not None:
            with contextlib.suppress(Unavailable):
                await self.use.keep(self._request(reads.asked), text)

    def _request(self, asked: Prompt) -> str:
        return json.dumps([self.model.name, VERSION, asked.messages, asked.schema])

    async def _before(self, heard: Heard) -> Sequence[str]:
        if self.use is None or not heard.conversation or not heard.state.draft.items:
            return ()
        with contextlib.suppress(Unavailable):
            return await self.use.before(heard.conversation)
        return ()

    async def _remember(self, heard: Heard) -> None:
        if self.use is not None and heard.conversation:
            with contextlib.suppress(Unavailable):
                await self.use.said(heard.conversation, redact(heard.text).text[:500])


@dataclass(frozen=True, slots=True)
class _Reads:
    """A request, and what looks at its answers."""

    asked: Prompt
    reader: Reader

    def answer(self, text: str) -> Understood:
        """The commands of an answer, in which the person's own words stand again."""
        restored = self.asked.redacted.restored(text)
        self.reader.faults.clear()
        return self.reader.understood(read_answer(restored))


def _about(asked: Prompt) -> int:
    """Tokens that a request takes at most, roughly: three characters each, and the answer."""
    return sum(len(message["content"]) for message in asked.messages) // 3 + MOST_TOKENS // 4
