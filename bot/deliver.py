"""The outbox's way out: each conversation's parcels, in order, to the channel it is held on.

A terminal takes its own conversation's parcels itself (bot/session.py). A parcel is marked as
delivered after the channel has taken it, so what is killed in between is sent again, under the
same parcel id: a channel that knows retry keys shows it once.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.telemetry import describe, log
from planner.errors import DivisiError, Refused, Unavailable
from store import audit, mailbox
from store.database import Database
from store.mailbox import Parcel

Send = Callable[[Parcel], Awaitable[None]]
"""Hands a parcel to the messenger; Unavailable: try again later, Refused: never will."""

LEASE_SECONDS: Final = 30
MOST_ATTEMPTS: Final = 10
_LONGEST_BACKOFF_SECONDS = 300.0
_BATCH = 20


@dataclass(slots=True)
class Deliverer:
    """Delivers until it is told to stop."""

    db: Database
    channels: Mapping[str, Send]
    """By the conversation id's part before the first colon."""
    poll_seconds: float = 0.5
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is something in the outbox."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set."""
        while not stop.is_set():
            try:
                delivered = await self.next()
            except DivisiError as error:
                log().warning("delivery waits", **describe(error))
                delivered = 0
            if not delivered:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
                self._wake.clear()

    async def next(self) -> int:
        """Deliver what waits now; how many parcels were delivered."""
        parcels = await mailbox.claim_parcels(
            self.db, channels=tuple(self.channels), limit=_BATCH, lease_seconds=LEASE_SECONDS
        )
        blocked: set[str] = set()
        for parcel in parcels:
            if parcel.conversation not in blocked and not await self._deliver(parcel):
                blocked.add(parcel.conversation)
        return len(parcels) - len(blocked)

    async def _give_up(self, parcel: Parcel) -> None:
        """What was never delivered is seen in the audit log, by its id alone."""
        async with self.db.begin() as connection:
            await audit.write(connection, who="", act="delivery.give_up", what=parcel.id)

    async def _deliver(self, parcel: Parcel) -> bool:
        try:
            await self.channels[parcel.conversation.partition(":")[0]](parcel)
        except (Unavailable, Refused) as error:
            hopeless = isinstance(error, Refused) or parcel.attempts >= MOST_ATTEMPTS
            retry_in = None if hopeless else min(2.0**parcel.attempts, _LONGEST_BACKOFF_SECONDS)
            log().warning(
                "not delivered", parcel_id=parcel.id, attempt=parcel.attempts, **describe(error)
            )
            await mailbox.undelivered(self.db, parcel.id, retry_in, type(error).__name__)
            if hopeless:
                await self._give_up(parcel)
            return False
        await mailbox.delivered(self.db, parcel.id)
        return True
