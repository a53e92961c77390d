"""Conversations' states in Redis: one lock each, saved only over the version that was loaded."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any, Final

from pydantic import ValidationError

from planner.errors import DivisiError, Unavailable
from planner.state import Conversation
from store.keys import Keys

DAYS_KEPT: Final = 30
_LOCK_MS: Final = 10_000
_RENEW_SECONDS: Final = 3.0
_PATIENCE_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02

# Compare the stored version with the one expected and set, in one step.
_SAVE: Final = """
local held = redis.call('hget', KEYS[1], 'version')
if (held or '0') ~= ARGV[1] then return 0 end
redis.call('hset', KEYS[1], 'version', ARGV[2], 'state', ARGV[3])
redis.call('expire', KEYS[1], ARGV[4])
return 1
"""
# Count one more within a stretch of time that begins with the first.
_COUNT: Final = """
local n = redis.call('incr', KEYS[1])
if n == 1 then redis.call('expire', KEYS[1], ARGV[1]) end
return n
"""
_UNLOCK: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""
_RENEW: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0
"""


class StaleState(DivisiError):  # noqa: N818 - it says what is the matter
    """The conversation was saved by somebody else since it was loaded."""


class Conversations:
    """Locks, loads and saves conversations by their id."""

    def __init__(self, url: str, ttl_seconds: int = DAYS_KEPT * 86_400) -> None:
        self._keys = Keys(url)
        self._ttl = ttl_seconds

    async def close(self) -> None:
        """Give all connections back."""
        await self._keys.close()

    @contextlib.asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Hold a conversation: whoever else wants it waits. A holder that dies lets go by time.

        Raises:
            Unavailable: Redis does not answer, or somebody holds it too long.
        """
        key, token = f"divisi:lock:{conversation}", secrets.token_hex(8)
        await self._take(key, token)
        renewing = asyncio.create_task(self._renew(key, token))
        try:
            yield
        finally:
            renewing.cancel()
            with contextlib.suppress(Unavailable):  # it ends by itself
                await self._keys.eval(_UNLOCK, key, token)

    async def _take(self, key: str, token: str) -> None:
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while not await self._keys.call("set", key, token, nx=True, px=_LOCK_MS):
            if asyncio.get_running_loop().time() > deadline:
                raise Unavailable("The conversation is busy. Please try again shortly.")
            await asyncio.sleep(_POLL_SECONDS)

    async def _renew(self, key: str, token: str) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with contextlib.suppress(Unavailable):
                await self._keys.eval(_RENEW, key, token, _LOCK_MS)

    async def load(self, conversation: str) -> Conversation:
        """The conversation's state; a new one if there is none, or it is of another schema.

        In place of a state that can't be read a new one counts on from its version: it can be
        saved, and buttons made before are old ones.
        """
        held, version = await self._keys.call(
            "hmget", f"divisi:chat:{conversation}", "state", "version"
        )
        if held is None:
            return Conversation()
        try:
            return Conversation.model_validate_json(held)
        except ValidationError:
            return Conversation(version=int(version))

    async def save(self, conversation: str, state: Conversation, expected_version: int) -> None:
        """Keep a state over the version that was loaded.

        Raises:
            StaleState: another version is kept.
            Unavailable: Redis does not answer.
        """
        saved = await self._keys.eval(
            _SAVE,
            f"divisi:chat:{conversation}",
            expected_version,
            state.version,
            state.model_dump_json(),
            self._ttl,
        )
        if not saved:
            raise StaleState("The conversation has gone on elsewhere.")

    async def note(self, conversation: str, name: str, value: dict[str, Any]) -> None:
        """Keep something beside a conversation's state, for as long.

        Raises:
            Unavailable: Redis does not answer.
        """
        key = f"divisi:note:{conversation}:{name}"
        await self._keys.call("set", key, json.dumps(value, ensure_ascii=False), ex=self._ttl)

    async def recall(self, conversation: str, name: str) -> dict[str, Any] | None:
        """What was noted; None if nothing was, or it was lost.

        Raises:
            Unavailable: Redis does not answer.
        """
        held = await self._keys.call("get", f"divisi:note:{conversation}:{name}")
        return None if held is None else dict(json.loads(held))

    async def count(self, what: str, seconds: int) -> int:
        """How often this was called for `what`, now included, within so many seconds.

        Raises:
            Unavailable: Redis does not answer.
        """
        return int(await self._keys.eval(_COUNT, f"divisi:count:{what}", seconds))
