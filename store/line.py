"""Writers of one process in line: one at a time, every second place for those in a hurry."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

_Places = deque["asyncio.Future[None]"]


@dataclass(slots=True)
class Line:
    """First come, first served; but after each usual one an urgent one is let in, if any waits."""

    _busy: bool = False
    _urgent_before: bool = False
    _waiting: tuple[_Places, _Places] = field(default_factory=lambda: (deque(), deque()))
    """Those that are not urgent, and those that are."""

    @contextlib.asynccontextmanager
    async def place(self, *, urgent: bool) -> AsyncIterator[None]:
        """Hold the line for as long as the context lasts."""
        if self._busy:
            await self._wait(urgent=urgent)
        self._busy, self._urgent_before = True, urgent
        try:
            yield
        finally:
            self._let_in()

    async def _wait(self, *, urgent: bool) -> None:
        own = asyncio.get_running_loop().create_future()
        self._waiting[urgent].append(own)
        try:
            await own
        except asyncio.CancelledError:
            if own.done() and not own.cancelled():  # it was let in just now
                self._let_in()
            raise

    def _let_in(self) -> None:
        usual, urgent = self._waiting
        for places in (usual, urgent) if self._urgent_before else (urgent, usual):
            while places:
                own = places.popleft()
                if not own.done():
                    own.set_result(None)  # the line stays held: it goes from hand to hand
                    return
        self._busy = False
