"""The composition root: the one place where stores, audience, turns and worker meet."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.model.settings import ModelSettings
from bot.settings import Settings, read_environment
from bot.telemetry import Metrics
from bot.turn import Turns
from bot.worker import Worker
from planner.errors import DivisiError, Misconfigured, Unavailable
from store.audience import Audience, open_audience
from store.conversations import Conversations
from store.database import Database

if TYPE_CHECKING:
    from bot.understanding import Understanding


@dataclass(slots=True)
class App:
    """All parts of a running Divisi, put together."""

    settings: Settings
    db: Database
    conversations: Conversations
    audience: Audience
    turns: Turns
    worker: Worker

    @property
    def members(self) -> Path:
        """The folder of member files."""
        return self.settings.home / "members"

    async def mend(self) -> None:
        """Start the embedded Redis again if it is gone."""
        if not self.settings.redis:
            with contextlib.suppress(DivisiError):
                await asyncio.to_thread(_embedded_redis, self.settings.home)


@contextlib.asynccontextmanager
async def opened(settings: Settings, metrics: Metrics | None = None) -> AsyncIterator[App]:
    """The parts, started; closed at the end.

    Raises:
        Misconfigured: a URL, the home or an extra can't be used.
        Unavailable: a store does not answer.
    """
    make_home(settings.home)
    db = Database(settings.database_url)
    redis = asyncio.create_task(_redis_url(settings))
    try:
        await db.start()
        conversations = Conversations(await redis)
        audience = open_audience(settings.audience or settings.home, settings.zone)
        worker = Worker(db, audience, settings.home)
        turns = Turns(settings, db, conversations, audience, worker.wake, metrics)
        if settings.semantic:
            from adapters.meaning import load_likeness  # noqa: PLC0415 - only where it is wanted

            turns.likeness = await asyncio.to_thread(load_likeness)
        app = App(settings, db, conversations, audience, turns, worker)
        try:
            async with _modelled(await redis, metrics) as turns.modelled:
                yield app
        finally:
            await conversations.close()
    finally:
        if not redis.done():
            await asyncio.gather(redis, return_exceptions=True)
        await db.close()
        if not settings.redis:
            await asyncio.to_thread(_end_redis, settings.home)


@contextlib.asynccontextmanager
async def _modelled(
    redis_url: str, metrics: Metrics | None
) -> AsyncIterator["Callable[[], Understanding] | None"]:
    """Makes both planners together, in a thread since much is loaded; None without a model."""
    settings = read_environment(ModelSettings)
    made: list[Understanding] = []

    def make() -> "Understanding":
        from adapters.model.client import Model  # noqa: PLC0415 - only with a model
        from bot.understanding import Understanding  # noqa: PLC0415
        from store.model_use import ModelUse  # noqa: PLC0415

        limits = (settings.mode, settings.seconds, settings.tokens)
        made.append(Understanding(Model(settings), ModelUse(redis_url), *limits, metrics))
        return made[-1]

    try:
        yield make if settings.enabled else None
    finally:
        for understanding in made:
            await understanding.close()


def make_home(home: Path) -> None:
    """Make the home folder, for its owner alone.

    Raises:
        Misconfigured: it can't be made or written to.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Misconfigured(
            f"The folder {home} can't be made. Set DIVISI_HOME to a folder you can write to."
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise Misconfigured(
            f"The folder {home} can't be written to. Set DIVISI_HOME to one that can."
        )


async def _redis_url(settings: Settings) -> str:
    return settings.redis or await asyncio.to_thread(_embedded_redis, settings.home)


def _embedded_redis(home: Path) -> str:
    from bot.local import start_redis  # noqa: PLC0415 - only without REDIS_URL

    return start_redis(home)


def _end_redis(home: Path) -> None:
    from bot.local import stop_redis  # noqa: PLC0415 - only without REDIS_URL

    stop_redis(home)


async def ready(app: App) -> dict[str, str]:
    """What each edge says of itself: "ok", or what is wrong in one sentence."""

    async def check(work: object) -> str:
        try:
            await work  # type: ignore[misc]
        except (Misconfigured, Unavailable) as error:
            return str(error)
        return "ok"

    return {
        "database": await check(segments_known(app)),
        "redis": await check(app.conversations.load("health")),
        "audience": await check(app.audience.version()),
    }


async def segments_known(app: App) -> None:
    """Ask the segment store something."""
    from store import segments  # noqa: PLC0415

    await segments.list_segments(app.db, 1, 0)
