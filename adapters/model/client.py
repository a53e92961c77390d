"""One question to a language model, and its answer in time or not at all."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from adapters.model.breaker import Breaker
from adapters.model.ladder import Ladder
from adapters.model.settings import ModelSettings
from planner.errors import Unavailable
from planner.model.prompt import Prompt

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MOST_TOKENS: Final = 3_000
"""Of one answer."""
_CONNECT_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.3
"""Before the one retry where the server names no time."""
_DENIED_SECONDS: Final = 300.0
_UNKNOWN_SHAPE: Final = (400, 404, 415, 422, 500, 501)
"""What a server answers to a request in a shape that it doesn't know."""
_CHARACTERS_A_TOKEN: Final = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered."""

    text: str
    sent: int
    """Tokens of the request."""
    received: int
    """Tokens of the answer."""


class NoReply(Unavailable):
    """The model gave nothing that can be looked at.

    Attributes:
        outcome: one word for metrics: timeout, unreachable, busy, denied, error, unusable,
            refused, cut or resting.
        tokens: what it cost all the same.
    """

    def __init__(self, outcome: str, tokens: tuple[int, int] = (0, 0)) -> None:
        super().__init__(f"The language model gave no answer ({outcome}).")
        self.outcome = outcome
        self.tokens = tokens


class Model:
    """A model at one server; making one loads the library, which takes 0.7 s."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        extras: dict[str, Any] = {"temperature": 0, "max_tokens": MOST_TOKENS}
        if settings.is_openai:
            extras["store"] = False
        self._ladder = Ladder(extras)
        self._breaker = Breaker()
        self._openai = _library()
        self._client: AsyncOpenAI | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._settings.model

    @property
    def resting(self) -> bool:
        """Whether it has failed so often that it is not asked for a while."""
        return not self._breaker.closed(time.monotonic())

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.close()

    def unshaped(self) -> None:
        """The answer was not in the shape asked for: the server can't enforce it after all."""
        if self._ladder.rung == 0:
            self._ladder.down()

    async def ask(self, prompt: Prompt, seconds: float) -> Reply:
        """The model's answer to a prompt, within so many seconds.

        Raises:
            NoReply: there is none; says why.
        """
        if self.resting:
            raise NoReply("resting")
        try:
            async with asyncio.timeout(seconds):
                reply = await self._answer(prompt)
        except TimeoutError:
            self._breaker.failed(time.monotonic(), weight=2)  # somebody waited all that time
            raise NoReply("timeout") from None
        self._breaker.worked()
        return reply

    async def _answer(self, prompt: Prompt) -> Reply:
        openai = self._openai
        client = self._client = self._client or self._made(openai)
        retried = False
        while True:
            rung, request = self._ladder.rung, self._ladder.request(prompt)
            try:
                found = await client.chat.completions.create(model=self.name, **request)
            except openai.APITimeoutError as error:
                raise TimeoutError from error
            except openai.APIConnectionError as error:
                await self._once_more(retried, "unreachable", error)
                retried = True
            except openai.APIStatusError as error:
                if retried or not self._adapted(error, rung):
                    await self._once_more(retried, _outcome(error.status_code), error)
                    retried = True
            except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
                self._breaker.failed(time.monotonic())
                raise NoReply("unusable") from error
            else:
                return self._reply(found, prompt)

    def _made(self, openai: ModuleType) -> "AsyncOpenAI":
        settings = self._settings
        client: AsyncOpenAI = openai.AsyncOpenAI(
            api_key=settings.key.get_secret_value() or "unused",
            base_url=settings.base_url or None,
            timeout=openai.Timeout(settings.seconds, connect=_CONNECT_SECONDS),
            max_retries=0,
        )
        return client

    # ── errors ───────────────────────────────────────────────────────────────────────────────────

    def _adapted(self, error: Any, rung: int) -> bool:
        """Whether the server wants to be asked in another way, and there is one left."""
        if error.status_code not in _UNKNOWN_SHAPE:
            return False
        if error.status_code >= 500 and (self._ladder.held or rung > 0):
            return False  # that is no word about the shape any more
        if self._ladder.rung != rung:
            return True  # another turn has found out meanwhile
        fault = error.body if isinstance(error.body, Mapping) else {}
        return self._ladder.without(fault, str(error.message)) or self._ladder.down()

    async def _once_more(self, retried: bool, outcome: str, error: Any) -> None:
        """Wait for the one retry.

        Raises:
            NoReply: it was made, or there is no time for it.
        """
        pause = _retry_after(error)
        in_time = pause <= self._settings.seconds / 3
        if not retried and in_time and outcome in ("unreachable", "busy", "error"):
            await asyncio.sleep(pause or _PAUSE_SECONDS)
            return
        longest = _DENIED_SECONDS if outcome == "denied" else pause
        self._breaker.failed(time.monotonic(), longest)
        raise NoReply(outcome) from error

    # ── answers ──────────────────────────────────────────────────────────────────────────────────

    def _reply(self, found: Any, prompt: Prompt) -> Reply:
        choices = getattr(found, "choices", None)
        if not choices:
            self._breaker.failed(time.monotonic())
            raise NoReply("unusable")  # a web page, or JSON that is none of an answer
        message, finished = choices[0].message, choices[0].finish_reason
        tokens = _tokens(found, prompt, message)
        if getattr(message, "refusal", None) or finished == "content_filter":
            raise NoReply("refused", tokens)
        if finished == "length":
            raise NoReply("cut", tokens)
        text = _called(message) or message.content or ""
        self._ladder.held = True
        return Reply(text, *tokens)


def _library() -> ModuleType:
    import openai  # noqa: PLC0415 - only with a model

    return openai


def _outcome(status: int) -> str:
    return {401: "denied", 403: "denied", 429: "busy"}.get(status, "error")


def _retry_after(error: Any) -> float:
    response = getattr(error, "response", None)
    text = response.headers.get("retry-after", "") if response is not None else ""
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0


def _called(message: Any) -> str:
    """The arguments of the tool that was called, if one was."""
    calls = getattr(message, "tool_calls", None) or ()
    return next((str(call.function.arguments) for call in calls if call.type == "function"), "")


def _tokens(found: Any, prompt: Prompt, message: Any) -> tuple[int, int]:
    """What was used; estimated where the server doesn't tell."""
    usage = getattr(found, "usage", None)
    if usage is not None and usage.total_tokens:
        return usage.prompt_tokens, usage.completion_tokens
    sent = sum(len(each["content"]) for each in prompt.messages)
    return sent // _CHARACTERS_A_TOKEN, len(message.content or "") // _CHARACTERS_A_TOKEN
