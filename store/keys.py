"""Redis as it is used here: short time-outs, no retries, one error."""

from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from planner.errors import Misconfigured, Unavailable

_TIMEOUT_SECONDS: Final = 0.5
_CONNECTIONS: Final = 64
"""At once; a burst waits for one of them rather than opening hundreds, which would time out."""
_WAIT_SECONDS: Final = 5.0
"""How long a command waits for a connection."""


class Keys:
    """Commands to one Redis."""

    def __init__(self, url: str) -> None:
        try:
            pool = BlockingConnectionPool.from_url(
                url,
                timeout=_WAIT_SECONDS,
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
                retry=Retry(NoBackoff(), 0),
                decode_responses=True,
                max_connections=_CONNECTIONS,
            )
            self._redis = Redis.from_pool(pool)
        except ValueError as error:
            raise Misconfigured(
                "REDIS_URL is not understood. It looks like redis://host:6379/0."
            ) from error

    async def close(self) -> None:
        """Give all connections back."""
        await self._redis.aclose()

    async def eval(self, script: str, key: str, *arguments: str | int) -> Any:
        """Run a script over one key.

        Raises:
            Unavailable: Redis does not answer.
        """
        return await self.call("eval", script, 1, key, *arguments)

    async def call(self, command: str, *arguments: Any, **options: Any) -> Any:
        """One command, by the name of redis-py's method.

        Raises:
            Unavailable: Redis does not answer.
        """
        try:
            return await getattr(self._redis, command)(*arguments, **options)
        except (RedisError, OSError) as error:
            raise Unavailable("The conversation store (Redis) does not answer.") from error
