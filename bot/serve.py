"""`divisi serve`, `web` and `worker`: the long-running processes."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot import downloads, statuses
from bot.app import App, opened, ready
from bot.channels import connected, sender
from bot.deliver import Deliverer
from bot.settings import Settings
from bot.telemetry import Metrics, describe, log, set_up
from planner.errors import DivisiError, Misconfigured
from store import segments
from store.mailbox import Letter

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from adapters.channel import Channel

_POLL_SECONDS = 0.2
_AT_ONCE = 8
"""Turns of one process."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of the program a process runs."""

    web: bool = False
    """The web server: webhooks, health, metrics."""
    sockets: bool = False
    """The messengers that are heard over a socket of ours."""
    worker: bool = False


def run_server(settings: Settings, parts: Parts) -> None:
    """Run until SIGTERM or SIGINT, then finish what is under way.

    Raises:
        Misconfigured: a store, a channel or the port can't be used.
        Unavailable: a store does not answer.
    """
    set_up(settings.log_level)
    asyncio.run(_run(settings, parts))


async def _run(settings: Settings, parts: Parts) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    listening = _listen(settings) if parts.web else None
    metrics = Metrics() if parts.web else None
    came = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        app = await stack.enter_async_context(opened(settings, metrics))
        work: list[Coroutine[Any, Any, None]] = []
        if parts.worker:
            work.append(app.worker.run(stop))
            work.append(statuses.keep_up(settings, app.db, stop))
        if parts.web or parts.sockets:
            channels = await stack.enter_async_context(connected(app, came.set))
            await app.turns.reader()  # takes a second, which nobody is to wait for later
            gc.freeze()  # nor for a collector that looks through all of its words again
            work += _messaging(app, channels, came, stop)
            if parts.sockets:
                work += [channel.listen(stop) for channel in channels.values()]
            if listening is not None and metrics is not None:
                routes = [route for each in channels.values() for route in each.routes()]
                routes += downloads.routes(app)
                work.append(_serve_web(app, metrics, listening, stop, routes))
        log().info("started", port=settings.port if parts.web else None)
        await asyncio.gather(*work)


def _messaging(
    app: App, channels: "Mapping[str, Channel]", came: asyncio.Event, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """What handles events and hands the answers out."""
    deliverer = Deliverer(app.db, {name: sender(each) for name, each in channels.items()})
    work = [run_turns(app, stop, came, deliverer.wake)]
    return [*work, deliverer.run(stop)] if channels else work


async def run_turns(
    app: App, stop: asyncio.Event, came: asyncio.Event, answered: Callable[[], None]
) -> None:
    """Handle the events of all conversations until `stop` is set, and finish those begun.

    Some run at once, each of another conversation: one that waits for a language model keeps
    nobody else waiting.
    """
    free = asyncio.Semaphore(_AT_ONCE)

    async def finish(letter: Letter) -> None:
        try:
            await app.turns.finish(letter)
            answered()
        except DivisiError as error:
            await _failed(app, error)
        finally:
            free.release()
            came.set()  # its conversation's next event is free now

    async with asyncio.TaskGroup() as turns:
        while not stop.is_set():
            await free.acquire()
            letter = await _claimed(app)
            if letter is not None:
                turns.create_task(finish(letter))
                continue
            free.release()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(came.wait(), _POLL_SECONDS)
            came.clear()


async def _claimed(app: App) -> Letter | None:
    try:
        return await app.turns.claim()
    except DivisiError as error:
        await _failed(app, error)
    return None


async def _failed(app: App, error: DivisiError) -> None:
    log().warning("turns wait", **describe(error))
    await app.mend()
    await asyncio.sleep(_POLL_SECONDS)


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise Misconfigured(
            f"PORT {settings.port} on {settings.host} can't be used ({error.strerror}). "
            "Set PORT to a free one."
        ) from error


async def _serve_web(
    app: App,
    metrics: Metrics,
    listening: socket.socket,
    stop: asyncio.Event,
    routes: "Sequence[BaseRoute]",
) -> None:
    import uvicorn  # noqa: PLC0415 - only the web server needs it

    from adapters.web import make_web  # noqa: PLC0415

    async def is_ready() -> Mapping[str, str]:
        return await ready(app)

    async def figures() -> bytes:
        with contextlib.suppress(DivisiError):
            metrics.segments(await segments.counts(app.db))
        return metrics.text()

    config = uvicorn.Config(
        make_web(is_ready, figures, routes), log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    ending = asyncio.create_task(_end(server, stop))
    await server.serve(sockets=[listening])
    stop.set()
    await ending


async def _end(server: Any, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True
