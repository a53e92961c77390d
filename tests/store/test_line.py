"""Writers in line: nobody is passed over, and urgent ones wait for one other at most."""

import asyncio

import pytest

from store.line import Line

pytestmark = pytest.mark.anyio


async def stand(line: Line, name: str, order: list[str], *, urgent: bool = False) -> None:
    async with line.place(urgent=urgent):
        order.append(name)
        await asyncio.sleep(0)


async def test_urgent_ones_take_every_second_place() -> None:
    line, order = Line(), list[str]()
    usual = [stand(line, f"usual {n}", order) for n in range(4)]
    urgent = [stand(line, f"urgent {n}", order, urgent=True) for n in range(2)]
    await asyncio.gather(*usual, *urgent)
    assert order == ["usual 0", "urgent 0", "usual 1", "urgent 1", "usual 2", "usual 3"]


async def test_whoever_leaves_or_fails_holds_nobody_up() -> None:
    line, order = Line(), list[str]()

    async def fails() -> None:
        async with line.place(urgent=False):
            await asyncio.sleep(0)
            raise ValueError

    failing = asyncio.create_task(fails())
    leaving = [asyncio.create_task(stand(line, f"left {n}", order)) for n in range(3)]
    last = asyncio.create_task(stand(line, "last", order))
    await asyncio.sleep(0)
    for task in leaving:
        task.cancel()
    await asyncio.gather(failing, *leaving, return_exceptions=True)
    async with asyncio.timeout(5):
        await last
    assert order[-1] == "last"
    await stand(line, "again", order)  # it is free


async def test_many_who_come_and_go_are_one_at_a_time() -> None:
    line, inside, most = Line(), 0, 0

    async def visit(number: int) -> None:
        nonlocal inside, most
        async with line.place(urgent=number % 3 == 0):
            inside += 1
            most = max(most, inside)
            try:
                await asyncio.sleep(0)
            finally:
                inside -= 1

    tasks = [asyncio.create_task(visit(number)) for number in range(300)]
    await asyncio.sleep(0)
    for task in tasks[::7]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (most, inside) == (1, 0)
