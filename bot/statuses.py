"""Who follows and blocks the brand's LINE accounts, written into the customer data now and then."""

import asyncio
import contextlib
from typing import Final

from bot.settings import Settings
from bot.telemetry import describe, log
from planner.errors import DivisiError
from store import friends
from store.audience import audience_home
from store.audience.statuses import apply_statuses
from store.database import Database

SECONDS: Final = 900.0
"""How often it is done: each time is a copy of the data."""


async def apply(settings: Settings, db: Database) -> int:
    """Write what LINE told lately into the data; how many contacts that changed.

    Raises:
        Refused: an import is under way.
        Unavailable: a store does not answer.
    """
    told = await friends.recent(db)
    home = audience_home(settings.audience or settings.home)
    return await asyncio.to_thread(apply_statuses, home, told)


async def keep_up(settings: Settings, db: Database, stop: asyncio.Event) -> None:
    """Do so until `stop` is set; of several processes, one is enough."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SECONDS)
            return
        try:
            if changed := await apply(settings, db):
                log().info("LINE statuses changed", count=changed)
        except DivisiError as error:
            log().warning("LINE statuses wait", **describe(error))
