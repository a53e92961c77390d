"""Workers that die, and segments that kill them."""

import asyncio
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.worker import Worker
from planner.plan import Plan
from store import segments
from store.audience import open_audience
from store.database import Database
from store.tables import audit, clock, inbox, segment
from tests.store.processes import COMPUTE, begin, kill, until_ready

pytestmark = pytest.mark.anyio


async def queue(db: Database, numbers: range) -> None:
    async with db.begin() as connection:
        for n in numbers:
            await segments.create(
                connection, segment_id=f"s{n}", name=f"n{n}", description="", plan=Plan(),
                exclude=(), as_of=datetime.now(UTC), asked_by="", conversation="c", key=f"k{n}",
            )  # fmt: skip


def compute(url: str, seconds: float) -> None:
    workers = [begin(COMPUTE, url) for _ in range(2)]
    for worker in workers:
        until_ready(worker)
    time.sleep(seconds)
    for worker in workers:
        kill(worker)


async def test_killed_workers_lose_no_segment_and_finish_none_twice(
    db: Database, database_url: str
) -> None:
    queued = 0
    while (await segments.counts(db)).get("computing", 0) < 6:  # segments a kill has hit
        await queue(db, range(queued, queued := queued + 40))
        await asyncio.to_thread(compute, database_url, random.uniform(0.05, 0.3))
    while (await segments.counts(db)) != {"finished": queued}:
        await asyncio.to_thread(compute, database_url, 1.5)
    async with db.read() as connection:
        finished = (await connection.execute(select(audit.c.what))).scalars().all()
        attempts = (await connection.execute(select(segment.c.attempts))).scalars().all()
    assert sorted(finished) == sorted(f"s{n}" for n in range(queued))
    assert max(attempts) > 1


async def test_a_segment_that_kills_every_worker_ends_as_failed_and_is_told(
    db: Database, tmp_path: Path
) -> None:
    await queue(db, range(1))
    worker = Worker(db, open_audience(tmp_path, ZoneInfo("UTC")), tmp_path)
    for attempt in range(1, segments.MOST_ATTEMPTS + 1):
        claimed = await segments.claim(db, lease_seconds=30)  # and the worker is no more
        assert claimed is not None
        assert claimed.attempts == attempt
        assert not await worker.next()
        async with db.begin() as connection:
            past = clock(connection.dialect) - 1
            await connection.execute(update(segment).values(lease_until=past))
    assert await worker.next()
    kept = await segments.get(db, "s0")
    assert kept is not None
    assert (kept.status, kept.reason) == ("failed", "segment.failed")
    assert not await worker.next()
    async with db.read() as connection:
        told = (await connection.execute(select(inbox.c.event_id))).scalars().all()
    assert told == [f"segment:s0:{segments.MOST_ATTEMPTS + 1}:failed"]
