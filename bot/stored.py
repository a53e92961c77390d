"""One question to the segment store, for a command that ends with the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.app import make_home
from bot.settings import Settings
from store.database import Database

T = TypeVar("T")


def ask(settings: Settings, question: Callable[[Database], Awaitable[T]]) -> T:
    """Open the store, ask, and close it.

    Raises:
        Misconfigured: the home or the store can't be opened.
        Unavailable: the store does not answer.
    """

    async def work() -> T:
        make_home(settings.home)
        db = Database(settings.database_url)
        try:
            await db.start()
            return await question(db)
        finally:
            await db.close()

    return asyncio.run(work())
