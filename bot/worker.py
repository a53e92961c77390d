"""The worker: computes one waiting segment after another, and survives its own death.

A segment's row is its job. Claiming it gives a lease and a fence; a heartbeat renews the lease
while the members are computed; finishing is one transaction with the news to the conversation,
and only whoever holds the newest fence may do it.
"""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import letters
from bot.telemetry import describe, log
from planner.chat import Settled
from planner.errors import DivisiError, Refused, Unavailable
from store import mailbox, segments
from store.audience import Audience
from store.database import Database
from store.members import FOLDER, members_path, sweep_members
from store.segments import MOST_ATTEMPTS, Segment

LEASE_SECONDS: Final = 30
DRAIN_SECONDS: Final = 25
"""How long a segment under way may still take after the worker was told to stop."""
_SWEEP_SECONDS, _FIRST_SWEEP_SECONDS = 3_600.0, 10.0
_BACKOFF_SECONDS, _LONGEST_BACKOFF_SECONDS = 5.0, 300.0


def backoff(attempt: int) -> float:
    """Seconds to wait after a failed attempt, counted from 1."""
    seconds = min(_BACKOFF_SECONDS * 2.0 ** (attempt - 1), _LONGEST_BACKOFF_SECONDS)
    return seconds * random.uniform(0.8, 1.0)  # noqa: S311 - spreads retries, guards nothing


@dataclass(slots=True)
class Worker:
    """Computes segments until it is told to stop."""

    db: Database
    audience: Audience
    home: Path
    poll_seconds: float = 0.2
    lease_seconds: float = LEASE_SECONDS
    """How long a segment stays with a worker that gives no sign; it gives three in that time."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look for work now: this process has just made some."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; the segment under way gets up to DRAIN_SECONDS more.

        A segment that is not done by then is another worker's when its lease has ended.
        """
        working = asyncio.create_task(self._work(stop))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        self.wake()
        await asyncio.wait({working}, timeout=DRAIN_SECONDS)
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)

    async def _work(self, stop: asyncio.Event) -> None:
        swept = time.monotonic() - _SWEEP_SECONDS + _FIRST_SWEEP_SECONDS
        while not stop.is_set():
            try:
                if time.monotonic() - swept > _SWEEP_SECONDS:
                    swept = time.monotonic()
                    await mailbox.sweep(self.db)
                    await sweep_members(self.db, self.home)
                found = await self.next()
            except DivisiError as error:
                log().warning("worker waits", **describe(error))
                found = False
            except Exception as error:  # noqa: BLE001 - a worker that ends computes nothing more
                log().error("worker failed", **describe(error))
                found = False
            if not found:
                await self._pause()

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
        self._wake.clear()

    async def next(self) -> bool:
        """Compute the segment whose turn it is; False if none waits."""
        segment = await segments.claim(self.db, lease_seconds=self.lease_seconds)
        if segment is None:
            return False
        beating = asyncio.create_task(self._beat(segment))
        try:
            await self._compute(segment)
        except Exception as error:  # noqa: BLE001 - every failure is kept on the segment
            await self._failed(segment, error)
        finally:
            beating.cancel()
        return True

    async def _beat(self, segment: Segment) -> None:
        while True:
            await asyncio.sleep(self.lease_seconds / 3)
            with contextlib.suppress(Unavailable):
                await segments.heartbeat(self.db, segment.id, segment.fence, self.lease_seconds)

    async def _compute(self, segment: Segment) -> None:
        if segment.attempts > MOST_ATTEMPTS:
            raise Refused("segment.failed")  # it has killed that many workers
        started = time.monotonic()
        exclude = await self._excluded(segment)
        target = members_path(self.home, segment.id, segment.fence)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        count = await self.audience.write_members(segment.plan.root, segment.as_of, exclude, target)
        seconds = time.monotonic() - started
        news = Settled(segment.id, segment.name, "finished", count, seconds)
        async with self.db.begin() as connection:
            kept = await segments.finish(
                connection, segment.id, segment.fence,
                count=count, seconds=seconds, members_file=target.name,
            )  # fmt: skip
            if kept:
                await tell(connection, segment, news)
        if not kept:
            target.unlink(missing_ok=True)
        log().info("segment computed", segment_id=segment.id, count=count, seconds=seconds)

    async def _excluded(self, segment: Segment) -> list[Path]:
        files = []
        for segment_id in segment.exclude:
            other = await segments.get(self.db, segment_id)
            if other is None or other.members_file is None:
                raise Refused("segment.unknown_exclude")
            files.append(self.home / FOLDER / other.members_file)
        return files

    async def _failed(self, segment: Segment, error: Exception) -> None:
        log().warning(
            "segment failed", segment_id=segment.id, attempt=segment.attempts, **describe(error)
        )
        hopeless = isinstance(error, Refused) or segment.attempts >= MOST_ATTEMPTS
        reason = error.message_id if isinstance(error, Refused) else type(error).__name__
        async with self.db.begin() as connection:
            kept = await segments.fail(
                connection, segment.id, segment.fence, reason,
                retry_in=None if hopeless else backoff(segment.attempts),
            )  # fmt: skip
            if kept and hopeless:
                news = Settled(segment.id, segment.name, "failed", reason=reason)
                await tell(connection, segment, news)


async def tell(connection: AsyncConnection, segment: Segment, news: Settled) -> None:
    """Put the news into the conversation's inbox: told once, however often it is tried."""
    await mailbox.put(
        connection,
        conversation=segment.conversation,
        # the fence tells one computation of a segment from the next
        event_id=f"segment:{segment.id}:{segment.fence}:{news.status}",
        body=letters.write_letter(letters.Message(news, segment.asked_by)),
    )
