"""What is kept of a language model's use: tokens by person and day, answers, the last utterances.

All of it may be lost: it costs a repeated request, or lets somebody ask a little more.
"""

import hashlib
from datetime import date
from typing import Final

from store.keys import Keys

_DAY_SECONDS: Final = 86_400
_MOST_BEFORE: Final = 3

# Take tokens from a budget if they are in it, in one step.
_RESERVE: Final = """
local used = tonumber(redis.call('get', KEYS[1]) or '0')
if used + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return 0 end
redis.call('incrby', KEYS[1], ARGV[1])
redis.call('expire', KEYS[1], ARGV[3])
return 1
"""
_SETTLE: Final = """
if redis.call('exists', KEYS[1]) == 1 then redis.call('incrby', KEYS[1], ARGV[1]) end
return 1
"""


class ModelUse:
    """Tokens, answers and utterances in Redis. Every method raises Unavailable without it."""

    def __init__(self, url: str) -> None:
        self._keys = Keys(url)

    async def close(self) -> None:
        """Give all connections back."""
        await self._keys.close()

    async def reserve(self, who: str, day: date, tokens: int, limit: int) -> bool:
        """Set tokens aside for a request; False, and none, where the day's are used up.

        A limit of 0 is none.
        """
        if not limit:
            return True
        key = _budget(who, day)
        return bool(await self._keys.eval(_RESERVE, key, tokens, limit, 2 * _DAY_SECONDS))

    async def settle(self, who: str, day: date, reserved: int, used: int) -> None:
        """Count what a request has used in place of what was set aside for it."""
        await self._keys.eval(_SETTLE, _budget(who, day), used - reserved)

    async def answer(self, request: str) -> str | None:
        """The answer to an identical request, if there was one in the last day."""
        found: str | None = await self._keys.call("get", _answer(request))
        return found

    async def keep(self, request: str, answer: str) -> None:
        """Keep an answer that was right, for a day."""
        await self._keys.call("set", _answer(request), answer, ex=_DAY_SECONDS)

    async def before(self, conversation: str) -> tuple[str, ...]:
        """The last utterances of a conversation, as they were shown to a model, oldest first."""
        return tuple(await self._keys.call("lrange", _said(conversation), 0, -1))

    async def said(self, conversation: str, text: str) -> None:
        """Remember an utterance, from which contacts' ids are taken out, for a day."""
        key = _said(conversation)
        await self._keys.call("rpush", key, text)
        await self._keys.call("ltrim", key, -_MOST_BEFORE, -1)
        await self._keys.call("expire", key, _DAY_SECONDS)


def _budget(who: str, day: date) -> str:
    return f"divisi:tokens:{who}:{day.isoformat()}"


def _answer(request: str) -> str:
    digest = hashlib.sha256(request.encode("utf-8", "replace")).hexdigest()
    return f"divisi:reading:{digest}"


def _said(conversation: str) -> str:
    return f"divisi:said:{conversation}"
