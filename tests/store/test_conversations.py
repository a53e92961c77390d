import asyncio
import socket
import time
import uuid
from collections.abc import AsyncIterator

import pytest
from redis import Redis

from planner.errors import Misconfigured, Unavailable
from planner.state import Conversation
from store.conversations import Conversations, StaleState

pytestmark = pytest.mark.anyio


@pytest.fixture
async def kept(redis_url: str, anyio_backend: str) -> AsyncIterator[Conversations]:
    conversations = Conversations(redis_url)
    yield conversations
    await conversations.close()


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


async def test_what_was_saved_is_loaded(kept: Conversations, name: str) -> None:
    assert await kept.load(name) == Conversation()
    state = Conversation(version=1, language="th", status="ready")
    await kept.save(name, state, 0)
    assert await kept.load(name) == state


async def test_two_hundred_writers_at_once_lose_nothing(kept: Conversations, name: str) -> None:
    async def write() -> None:
        async with kept.lock(name):
            state = await kept.load(name)
            following = state.model_copy(update={"version": state.version + 1})
            await kept.save(name, following, state.version)

    await asyncio.gather(*(write() for _ in range(200)))
    assert (await kept.load(name)).version == 200


async def test_a_stale_state_is_not_saved(kept: Conversations, name: str) -> None:
    await kept.save(name, Conversation(version=1), 0)
    with pytest.raises(StaleState):
        await kept.save(name, Conversation(version=1, language="ja"), 0)
    assert (await kept.load(name)).language == ""


async def test_a_dead_holders_lock_ends_by_itself(
    kept: Conversations, name: str, redis_url: str
) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.set(f"divisi:lock:{name}", "somebody dead", px=200)
    started = time.monotonic()
    async with kept.lock(name):
        assert 0.1 < time.monotonic() - started < 5


async def test_a_state_of_another_version_is_a_new_conversation(
    kept: Conversations, name: str, redis_url: str
) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.hset(f"divisi:chat:{name}", mapping={"version": 3, "state": '{"schema_version": 9}'})
    assert await kept.load(name) == Conversation(version=3)
    await kept.save(name, Conversation(version=4, language="th"), 3)
    assert (await kept.load(name)).language == "th"


async def test_a_redis_that_says_nothing_is_unavailable_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        conversations = Conversations(f"redis://127.0.0.1:{deaf.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(Unavailable):
            await conversations.load("c")
        assert time.monotonic() - started < 1.5
        await conversations.close()


def test_a_url_that_is_none_is_said_to_be_wrong() -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        Conversations("nonsense")
