"""`divisi serve`, `web` and `worker`: the long-running processes."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Coroutine, Mapping
from typing import Any

from bot.app import App, opened, ready
from bot.settings import Settings
from bot.telemetry import Metrics, describe, log, set_up
from planner.errors import DivisiError, Misconfigured
from store import segments

_POLL_SECONDS = 0.2


def run_server(settings: Settings, *, web: bool, worker: bool) -> None:
    """Run until SIGTERM or SIGINT, then finish what is under way.

    Raises:
        Misconfigured: a store or the port can't be used.
        Unavailable: a store does not answer.
    """
    set_up(settings.log_level)
    asyncio.run(_run(settings, web, worker))


async def _run(settings: Settings, web: bool, worker: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    listening = _listen(settings) if web else None
    metrics = Metrics() if web else None
    async with opened(settings, metrics) as app:
        work: list[Coroutine[Any, Any, None]] = []
        if worker:
            work.append(app.worker.run(stop))
        if listening is not None and metrics is not None:
            work += [_serve_web(app, metrics, listening, stop), run_turns(app, stop)]
        log().info("started", port=settings.port if web else None)
        await asyncio.gather(*work)


async def run_turns(app: App, stop: asyncio.Event) -> None:
    """Handle the events of all conversations until `stop` is set."""
    while not stop.is_set():
        try:
            if await app.turns.next():
                continue
        except DivisiError as error:
            log().warning("turns wait", **describe(error))
            await app.mend()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _POLL_SECONDS)


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise Misconfigured(
            f"PORT {settings.port} on {settings.host} can't be used ({error.strerror}). "
            "Set PORT to a free one."
        ) from error


async def _serve_web(
    app: App, metrics: Metrics, listening: socket.socket, stop: asyncio.Event
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
        make_web(is_ready, figures), log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    ending = asyncio.create_task(_end(server, stop))
    await server.serve(sockets=[listening])
    stop.set()
    await ending


async def _end(server: Any, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True
