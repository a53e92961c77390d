"""Work that nobody waits for and that a restart may lose: pages, suggestions, progress."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from planner.errors import DivisiError


@dataclass(slots=True)
class Background:
    """Keeps hold of such work until it is done."""

    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it; where Slack or a store doesn't answer, it is left."""
        task = asyncio.create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Stop what is not done."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(SlackApiError, aiohttp.ClientError, TimeoutError, DivisiError):
        await work
