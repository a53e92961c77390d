"""One answer on its way: by the reply token while that lives, else as a push; never both.

A reply token works once, so it tells what became of an attempt whose outcome is not known: sent
again, it is either taken, or was taken before. Only what was surely not shown is pushed instead.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.channel import Delivery, Desk
from adapters.line.api import Api, SpentToken, Unsent

Json = dict[str, Any]
YOUNG_SECONDS: Final = 50.0
"""How long after an event its reply token is used; LINE takes it for about a minute."""
_NOTE: Final = "sending"
_REPLY, _UNSENT, _PUSH = "reply", "unsent", "push"
TOKEN, SINCE = "token", "since"
"""What an event carries for its answer: its reply token, and when it came (seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Messages on their way to a person or group."""

    delivery: Delivery
    to: str
    messages: Sequence[Json]


def is_young(echo: Mapping[str, str]) -> bool:
    """Whether an event's reply token can still be used."""
    token, since = echo.get(TOKEN, ""), echo.get(SINCE, "")
    try:
        age = time.time() - float(since)
    except ValueError:
        return False
    return bool(token) and -YOUNG_SECONDS < age < YOUNG_SECONDS


async def send(api: Api, desk: Desk, out: Outgoing) -> None:
    """Show the messages once.

    Raises:
        QuotaUsed: they can't be replied, and there is no push message left.
        Unavailable: LINE does not answer; try again with the same delivery.
        Refused: LINE will never take them.
    """
    delivery = out.delivery
    way = await _way(desk, delivery)
    if way == _REPLY:
        try:
            await api.reply(delivery.echo[TOKEN], out.messages)
        except SpentToken:
            if delivery.attempt > 1:
                return  # an earlier attempt had arrived
        except Unsent:
            await _note(desk, delivery, _UNSENT)
            raise
        else:
            return
    if way != _PUSH:
        await _note(desk, delivery, _PUSH)
    await api.push(out.to, out.messages, delivery.id)


async def _way(desk: Desk, delivery: Delivery) -> str:
    """How it goes out: by the token, or as a push that had been begun or not."""
    if not delivery.echo.get(TOKEN):
        return _PUSH
    noted = await desk.recall(delivery.conversation, _NOTE) if delivery.attempt > 1 else None
    known = str(noted["way"]) if noted is not None and noted.get("id") == delivery.id else ""
    if known == _PUSH:
        return _PUSH
    unsent = delivery.attempt == 1 or known == _UNSENT
    return _UNSENT if unsent and not is_young(delivery.echo) else _REPLY


async def _note(desk: Desk, delivery: Delivery, way: str) -> None:
    await desk.note(delivery.conversation, _NOTE, {"id": delivery.id, "way": way})
