"""The webhook: whose account it is, told by the signature over the raw body, before all else."""

import base64
import hmac
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from adapters.line.api import Api
from planner.errors import DivisiError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

PATH: Final = "/line/webhook"
_MOST_BYTES: Final = 1 << 20
Json = dict[str, Any]
Take = Callable[[Api, str, list[Json]], Awaitable[None]]
"""Takes an account's events; raises Unavailable where LINE should send them again."""


class Rejected(Exception):  # noqa: N818 - it says what becomes of the request
    """A request that is not LINE's, or is none at all."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def signature(secret: str, body: bytes) -> bytes:
    """What LINE sends in `x-line-signature` for a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))


def signed_for(accounts: Iterable[Api], body: bytes, given: bytes) -> Api:
    """The account whose secret a body is signed with.

    Raises:
        Rejected: it is none's.
    """
    for each in accounts:
        right = signature(each.account.secret.get_secret_value(), body)
        if hmac.compare_digest(right, given):
            return each
    raise Rejected(401)


def _settle(account: Api, destination: str) -> None:
    """Remember whose bot an account is; what is signed for one and says another is refused."""
    if account.bot not in ("", destination):
        raise Rejected(400)
    account.bot = destination


def read(body: bytes) -> tuple[str, list[Json]]:
    """The bot that a signed body is for, and its events.

    Raises:
        Rejected: it is no webhook.
    """
    try:
        told = json.loads(body)
        destination, events = str(told["destination"]), told["events"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Rejected(400) from error
    if not destination.isalnum() or not isinstance(events, list):
        raise Rejected(400)
    return destination, [each for each in events if isinstance(each, dict)]


def route(accounts: Iterable[Api], take: Take) -> "BaseRoute":
    """The route that LINE calls; answered as soon as the events are kept."""
    from starlette.responses import Response  # noqa: PLC0415 - only a web server needs it
    from starlette.routing import Route  # noqa: PLC0415

    async def webhook(request: "Request") -> "Response":
        try:
            body = await _body(request)
            given = request.headers.get("x-line-signature", "").encode()
            account = signed_for(accounts, body, given)
            destination, events = read(body)
            _settle(account, destination)
            await take(account, destination, events)
        except Rejected as rejected:
            return Response(status_code=rejected.status)
        except DivisiError:
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(PATH, webhook, methods=["POST"])


async def _body(request: "Request") -> bytes:
    """The raw body.

    Raises:
        Rejected: it is too long.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _MOST_BYTES:
            raise Rejected(413)
        parts.append(part)
    return b"".join(parts)
