"""Slack: direct messages, threads, forms and a home page, over Socket Mode or HTTP."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from adapters.slack.settings import Settings

if TYPE_CHECKING:
    from adapters.channel import Channel, Desk

__all__ = ["Settings", "connect"]


@contextlib.asynccontextmanager
async def connect(settings: Settings, desk: "Desk") -> AsyncIterator["Channel"]:
    """Slack, connected; Slack's libraries are loaded only now.

    Raises:
        Misconfigured: the settings don't go together.
        Unavailable: the store of installations does not answer.
    """
    from adapters.slack.channel import connected  # noqa: PLC0415 - takes half a second

    async with connected(settings, desk) as channel:
        yield channel
