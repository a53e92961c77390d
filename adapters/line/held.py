"""What could not be pushed because the month's messages are used up: it waits for the next reply.

And what people are told of it: once a day in each conversation.
"""

import time
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.answer import Answer, read_answer, write_answer
from adapters.channel import Delivery, Desk
from adapters.line.api import Api
from planner.chat import TextReply
from planner.errors import DivisiError
from planner.wording import say

Json = dict[str, Any]
LOW: Final = 20
"""Push messages left from which on the operators are told."""
_KEPT: Final = 3
_NOTE: Final = "held"
_TOLD: Final = "quota"
_DAY: Final = 86_400
_FRESH_SECONDS: Final = 300.0


async def hold(desk: Desk, delivery: Delivery) -> None:
    """Keep an answer for the next time that the person writes; the newest few.

    Sentences are left out: they may name a customer, and what is removed from everywhere else
    must not be in a note.

    Raises:
        Unavailable: the store does not answer.
    """
    cards = tuple(each for each in delivery.answer.replies if not isinstance(each, TextReply))
    if not cards:
        return
    noted = await desk.recall(delivery.conversation, _NOTE) or {}
    kept = [each for each in noted.get("answers", []) if each["id"] != delivery.id]
    shown = replace(delivery.answer, replies=cards)
    kept.append({"id": delivery.id, "answer": write_answer(shown)})
    await desk.note(delivery.conversation, _NOTE, {"answers": kept[-_KEPT:]})


async def held(desk: Desk, conversation: str) -> list[Answer]:
    """What waits to be shown.

    Raises:
        Unavailable: the store does not answer.
    """
    noted = await desk.recall(conversation, _NOTE) or {}
    return [read_answer(each["answer"]) for each in noted.get("answers", [])]


async def released(desk: Desk, conversation: str) -> None:
    """What waited has been shown.

    Raises:
        Unavailable: the store does not answer.
    """
    await desk.note(conversation, _NOTE, {"answers": []})


@dataclass(slots=True)
class Quota:
    """How many messages an account can still push, asked for now and then."""

    api: Api
    _left: int | None = None
    _asked: float = field(default=-_FRESH_SECONDS)

    async def left(self) -> int | None:
        """Messages left this month; None where there is no limit, or LINE doesn't say."""
        now = time.monotonic()
        if now - self._asked >= _FRESH_SECONDS:
            self._asked = now
            try:
                self._left = await self.api.left()
            except DivisiError:
                self._left = None
        return self._left

    def pushed(self) -> None:
        """One message fewer is left."""
        if self._left:
            self._left -= 1

    def used_up(self) -> None:
        """LINE said that none is left."""
        self._left, self._asked = 0, time.monotonic()


async def warning(desk: Desk, quota: Quota, delivery: Delivery) -> str:
    """What to say of the push messages that are left; nothing while there are enough.

    Raises:
        Unavailable: the store does not answer.
    """
    left = await quota.left()
    if left is None or left > LOW:
        return ""
    today = int(time.time() // _DAY)
    key = "quota_used" if left == 0 else "quota_low"
    told = await desk.recall(delivery.conversation, _TOLD) or {}
    if told == {"day": today, "key": key}:
        return ""
    await desk.note(delivery.conversation, _TOLD, {"day": today, "key": key})
    return say(delivery.answer.language, f"line.{key}", n=left)
