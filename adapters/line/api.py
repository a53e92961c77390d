"""One official account at the Messaging API, with what can go wrong told apart by what to do.

What matters of a failure is whether the message may have been shown: only then must it not be
sent another way.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from adapters.line.settings import Account
from planner.errors import DivisiError, Refused, Unavailable

if TYPE_CHECKING:
    from linebot.v3.messaging import AsyncMessagingApi

T = TypeVar("T")
Json = dict[str, Any]
_SECONDS: Final = 10.0
_ACCEPTED: Final = "x-line-accepted-request-id"
_LATER: Final = (401, 403, 429)
"""Answers that a person at the LINE console, or time, can change."""
_LOADING_SECONDS: Final = 20


class Unsent(Unavailable):
    """It was surely not shown: it may be sent again, another way too."""


class SpentToken(DivisiError):  # noqa: N818 - it says what is the matter
    """The reply token was used, or is too old."""


class QuotaUsed(DivisiError):  # noqa: N818
    """The account has no push messages left this month."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What LINE tells of a person."""

    name: str
    locale: str


@dataclass(slots=True)
class Api:
    """What Divisi asks of the Messaging API, for one account."""

    account: Account
    calls: "AsyncMessagingApi"
    bot: str = ""
    """The user id of the account's bot, once it is known."""
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def bot_id(self) -> str:
        """The user id of the account's bot: the destination of its webhooks.

        Raises:
            Unavailable: LINE does not answer, or does not know the token.
        """
        async with self._asking:
            if not self.bot:
                found = await _ask(self.calls.get_bot_info)
                self.bot = str(_known(found).user_id)
        return self.bot

    async def reply(self, token: str, messages: Sequence[Json]) -> None:
        """Answer an event, free of charge.

        Raises:
            SpentToken: the token is no longer good.
            Unsent: it was not shown; try again.
            Unavailable: it may have been shown or not; the same token tells.
            Refused: LINE will never take it.
        """
        from linebot.v3.messaging import ReplyMessageRequest  # noqa: PLC0415 - takes a second

        request = _made(ReplyMessageRequest, messages, replyToken=token)
        await _ask(self.calls.reply_message, request)

    async def push(self, to: str, messages: Sequence[Json], key: str) -> None:
        """Send without being asked, which counts against the month's messages.

        Raises:
            QuotaUsed: there are none left.
            Unavailable: try again with the same key.
            Refused: LINE will never take it.
        """
        from linebot.v3.messaging import PushMessageRequest  # noqa: PLC0415 - takes a second

        request = _made(PushMessageRequest, messages, to=to)
        await _ask(self.calls.push_message, request, x_line_retry_key=key)

    async def think(self, to: str) -> None:
        """Show the loading animation to a person; it ends with the next message.

        Raises:
            Unavailable, Refused: it can't be shown.
        """
        from linebot.v3.messaging import ShowLoadingAnimationRequest  # noqa: PLC0415

        request = ShowLoadingAnimationRequest(chatId=to, loadingSeconds=_LOADING_SECONDS)
        await _ask(self.calls.show_loading_animation, request)

    async def profile(self, user: str) -> Profile:
        """A friend's name and language.

        Raises:
            Unavailable, Refused: it can't be had.
        """
        found = await _ask(self.calls.get_profile, user)
        found = _known(found)
        return Profile(str(found.display_name or ""), str(found.language or ""))

    async def left(self) -> int | None:
        """How many messages can still be pushed this month; None where there is no limit.

        Raises:
            Unavailable, Refused: LINE does not say.
        """
        quota = _known(await _ask(self.calls.get_message_quota))
        if quota.type != "limited" or quota.value is None:
            return None
        used = _known(await _ask(self.calls.get_message_quota_consumption))
        return max(int(quota.value) - int(used.total_usage), 0)


@asynccontextmanager
async def opened(account: Account, url: str) -> AsyncIterator[Api]:
    """The API of an account; its connections are closed at the end."""
    from linebot.v3.messaging import (  # noqa: PLC0415 - takes a second
        AsyncApiClient,
        AsyncMessagingApi,
        Configuration,
    )

    token = account.token.get_secret_value()
    client = AsyncApiClient(Configuration(access_token=token, host=url.rstrip("/")))
    try:
        yield Api(account, AsyncMessagingApi(client))
    finally:
        await client.close()


def _made(kind: Callable[..., Any], messages: Sequence[Json], **more: str) -> Any:
    """A request as the SDK's model, which checks it.

    Raises:
        Refused: it is none that LINE would take.
    """
    from linebot.v3.messaging.models.message import Message  # noqa: PLC0415 - takes a second

    try:
        return kind(messages=[Message.from_dict(each) for each in messages], **more)
    except ValueError as error:
        raise Refused("trouble.unexpected", id="LINE") from error


async def _ask(call: Callable[..., Awaitable[Any]], *told: Any, **more: Any) -> Any:
    import aiohttp  # noqa: PLC0415 - comes with the SDK
    from linebot.v3.messaging import ApiException  # noqa: PLC0415

    try:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        return await call(*told, _request_timeout=timeout, **more)
    except ApiException as answer:
        if answer.status == 409 and _ACCEPTED in {name.lower() for name in answer.headers or {}}:
            return None  # an earlier attempt with this key had arrived
        raise _told(int(answer.status or 0), _sentence(answer.body)) from answer
    except ValueError:
        return None  # done, and answered in a way that the SDK does not know yet
    except aiohttp.ClientConnectorError as error:
        raise Unsent("LINE can't be reached.") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable("LINE does not answer.") from error


def _known(answer: Any) -> Any:
    if answer is None:
        raise Unavailable("LINE answers in a way that is not known.")
    return answer


def _sentence(body: object) -> str:
    try:
        return str(json.loads(str(body or "{}")).get("message", "")).lower()
    except (ValueError, AttributeError):
        return ""


def _told(status: int, sentence: str) -> DivisiError:
    if status == 400 and "reply token" in sentence:
        return SpentToken(sentence)
    if status == 429 and "monthly limit" in sentence:
        return QuotaUsed(sentence)
    if status in _LATER or status >= 500:
        return Unsent(f"LINE refuses at the moment ({status}).")
    if status == 409:
        return Unavailable("LINE is still at work on an earlier attempt.")
    return Refused("trouble.unexpected", id=f"LINE {status}")
