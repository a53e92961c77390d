"""The worker, killed and told to stop."""

import asyncio
from pathlib import Path

import pytest

from bench.kill_worker import kill_workers
from bot.worker import backoff


@pytest.mark.timeout(120)
def test_workers_killed_while_computing_lose_and_double_nothing(home: Path) -> None:
    outcome = asyncio.run(kill_workers(home, kills=3, count=60, lease=1.0))

    assert (outcome.segments, outcome.lost, outcome.untold) == (60, 0, 0)
    assert (outcome.doubled, outcome.wrong) == (0, 0)


def test_retries_wait_longer_each_time_up_to_five_minutes() -> None:
    waits = [backoff(attempt) for attempt in range(1, 12)]

    assert 4 <= waits[0] <= 5
    assert 8 <= waits[1] <= 10
    assert all(240 <= wait <= 300 for wait in waits[7:])
