"""Tokens, answers and utterances in a real Redis."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from planner.errors import Unavailable
from store.model_use import ModelUse

DAY = date(2026, 6, 30)


def using(url: str, work: Callable[[ModelUse, str], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        use = ModelUse(url)
        try:
            await work(use, uuid.uuid4().hex)
        finally:
            await use.close()

    asyncio.run(all_of_it())


def test_a_person_gets_so_many_tokens_a_day(redis_url: str) -> None:
    async def work(use: ModelUse, who: str) -> None:
        assert await use.reserve(who, DAY, 60, 100)
        assert not await use.reserve(who, DAY, 60, 100)
        assert await use.reserve(who, date(2026, 7, 1), 60, 100)
        assert await use.reserve(f"{who}-other", DAY, 60, 100)
        await use.settle(who, DAY, 60, 40)
        assert await use.reserve(who, DAY, 60, 100)
        assert not await use.reserve(who, DAY, 1, 100)

    using(redis_url, work)


def test_many_at_once_get_no_more(redis_url: str) -> None:
    async def work(use: ModelUse, who: str) -> None:
        given = await asyncio.gather(*(use.reserve(who, DAY, 10, 100) for _ in range(50)))
        assert sum(given) == 10

    using(redis_url, work)


def test_no_limit_is_none(redis_url: str) -> None:
    async def work(use: ModelUse, who: str) -> None:
        assert await use.reserve(who, DAY, 10**9, 0)

    using(redis_url, work)


def test_an_answer_is_found_by_the_request_alone(redis_url: str) -> None:
    async def work(use: ModelUse, request: str) -> None:
        assert await use.answer(request) is None
        await use.keep(request, "答")
        assert await use.answer(request) == "答"
        assert await use.answer(request + " ") is None

    using(redis_url, work)


def test_the_last_three_utterances_are_remembered(redis_url: str) -> None:
    async def work(use: ModelUse, conversation: str) -> None:
        assert await use.before(conversation) == ()
        for text in ("a", "b", "c", "d"):
            await use.said(conversation, text)
        assert await use.before(conversation) == ("b", "c", "d")

    using(redis_url, work)


def test_without_redis_it_says_so() -> None:
    async def work(use: ModelUse, who: str) -> None:
        with pytest.raises(Unavailable):
            await use.reserve(who, DAY, 1, 1)

    using("redis://127.0.0.1:1/0", work)
