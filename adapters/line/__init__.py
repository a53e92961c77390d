"""LINE official accounts: Divisi for the operators among their friends."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from adapters.line.settings import Settings

if TYPE_CHECKING:
    from adapters.channel import Channel, Desk

__all__ = ["Settings", "connect"]


@asynccontextmanager
async def connect(settings: Settings, desk: "Desk") -> "AsyncIterator[Channel]":
    """All accounts that are set up; their connections are closed at the end.

    Raises:
        Misconfigured: an account's secret or token is missing.
    """
    from adapters.line import api  # noqa: PLC0415 - loaded only where LINE is set up
    from adapters.line.channel import LineChannel  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        accounts = [
            await stack.enter_async_context(api.opened(account, settings.api_url))
            for account in settings.accounts()
        ]
        channel = LineChannel(settings, desk, tuple(accounts))
        try:
            yield channel
        finally:
            await channel.close()
