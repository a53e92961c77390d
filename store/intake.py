"""Many events into the inbox with one commit.

A commit waits for the disk, whether it keeps one event or a hundred. What arrives while one is
under way is kept by the next, so that the wait stays short however many messages come in.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from planner.errors import DivisiError, Unavailable
from store.database import Database
from store.mailbox import Arrival, put_all

_MOST: Final = 200
"""Events in one commit."""


@dataclass(slots=True)
class Intake:
    """Takes the events of one process in."""

    db: Database
    _waiting: "list[tuple[Arrival, asyncio.Future[bool]]]" = field(default_factory=list)
    _keeping: "asyncio.Task[None] | None" = None

    async def accept(self, *, conversation: str, event_id: str, body: dict[str, Any]) -> bool:
        """Keep an event; False if that event id was kept before.

        Raises:
            Unavailable: the store does not answer; the messenger should send it again.
        """
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((Arrival(conversation, event_id, body), kept))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all())
        return await kept

    async def _keep_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            try:
                await self._keep(batch)
            except DivisiError as error:
                _refuse(batch, error)
            except Exception as error:  # noqa: BLE001 - one of them may be at fault, not all
                await self._one_by_one(batch, error)

    async def _keep(self, batch: "list[tuple[Arrival, asyncio.Future[bool]]]") -> None:
        async with self.db.begin(urgent=True) as connection:
            new = await put_all(connection, [arrival for arrival, _ in batch])
        for arrival, kept in batch:
            if not kept.done():  # else whoever waited for it has gone
                kept.set_result(arrival.event_id in new)
            new.discard(arrival.event_id)  # the same id twice in one batch is new once

    async def _one_by_one(
        self, batch: "list[tuple[Arrival, asyncio.Future[bool]]]", error: Exception
    ) -> None:
        if len(batch) == 1:
            _refuse(batch, error)
            return
        for each in batch:
            try:
                await self._keep([each])
            except Exception as own:  # noqa: BLE001 - told to whoever waits for this one
                _refuse([each], own)


def _refuse(batch: "list[tuple[Arrival, asyncio.Future[bool]]]", error: Exception) -> None:
    for _, kept in batch:
        if not kept.done():
            told: Exception = error
            if isinstance(error, Unavailable):
                told = Unavailable(*error.args)  # one of its own: each has its own traceback
            kept.set_exception(told)
