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
_AT_ONCE = 20
"""Parcels that are being delivered."""
_SHARE = 0.8
"""Of its lease that a delivery may take: at its end somebody else may claim the parcel."""


@dataclass(slots=True)
class Deliverer:
    """Delivers until it is told to stop."""

    db: Database
    channels: Mapping[str, Send]
    """By the conversation id's part before the first colon."""
    poll_seconds: float = 0.5
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: "set[asyncio.Task[None]]" = field(default_factory=set)

    def wake(self) -> None:
        """There is something in the outbox."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set, then finish what is under way."""
        while not stop.is_set():
            try:
                began = await self._begin()
            except DivisiError as error:
                log().warning("delivery waits", **describe(error))
                began = 0
            if not began:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
                self._wake.clear()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def next(self) -> int:
        """Deliver what waits now; how many parcels were tried."""
        began = await self._begin()
        await asyncio.gather(*self._under_way)
        return began

    async def _begin(self) -> int:
        """Claim what waits and start to deliver it, one conversation beside the other.

        A messenger that is slow for one conversation so holds nobody else up.
        """
        free = _AT_ONCE - len(self._under_way)
        if free <= 0:
            return 0
        parcels = await mailbox.claim_parcels(
            self.db, channels=tuple(self.channels), limit=free, lease_seconds=LEASE_SECONDS
        )
        by_conversation: dict[str, list[Parcel]] = {}
        for parcel in parcels:
            by_conversation.setdefault(parcel.conversation, []).append(parcel)
        for own in by_conversation.values():
            work = asyncio.create_task(self._in_order(own))
            self._under_way.add(work)
            work.add_done_callback(self._done)
        return len(parcels)

    def _done(self, work: "asyncio.Task[None]") -> None:
        self._under_way.discard(work)
        self.wake()

    async def _in_order(self, parcels: list[Parcel]) -> None:
        """One conversation's parcels; those behind one that fails wait with it."""
        ends = asyncio.get_running_loop().time() + LEASE_SECONDS * _SHARE
        for parcel in parcels:
            try:
                if not await self._deliver(parcel, ends):
                    return
            except DivisiError as error:  # its lease ends by itself
                log().warning("delivery waits", parcel_id=parcel.id, **describe(error))
                return

    async def _deliver(self, parcel: Parcel, ends: float) -> bool:
        try:
            async with asyncio.timeout_at(ends):
                await self.channels[parcel.conversation.partition(":")[0]](parcel)
        except (Unavailable, Refused, TimeoutError) as error:
            await self._failed(parcel, error)
            return False
        await mailbox.delivered(self.db, parcel.id)
        return True

    async def _failed(self, parcel: Parcel, error: Exception) -> None:
        hopeless = isinstance(error, Refused) or parcel.attempts >= MOST_ATTEMPTS
        asked = error.retry_after if isinstance(error, Unavailable) else 0.0
        backoff = max(min(2.0**parcel.attempts, _LONGEST_BACKOFF_SECONDS), asked)
        log().warning(
            "not delivered", parcel_id=parcel.id, attempt=parcel.attempts, **describe(error)
        )
        await mailbox.undelivered(
            self.db, parcel.id, None if hopeless else backoff, type(error).__name__,
            attempt=parcel.attempts,
        )  # fmt: skip
        if hopeless:
            await self._give_up(parcel)

    async def _give_up(self, parcel: Parcel) -> None:
        """What was never delivered is seen in the audit log, by its id alone."""
        async with self.db.begin() as connection:
            await audit.write(connection, who="", act="delivery.give_up", what=parcel.id)
