"""`divisi chat`: the conversation in this process, with a worker beside it."""

import asyncio
import contextlib
import signal
import sys
import uuid
from dataclasses import dataclass
from typing import Final

from bot.app import opened
from bot.session import Session
from bot.settings import Settings
from bot.telemetry import set_up

DEFAULT: Final = "terminal:default"
"""The conversation that a person at the terminal goes on with."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Which conversation is held, by whom, and how."""

    conversation: str = ""
    """Its id; empty: the default one, or a new one of JSON lines."""
    who: str = "terminal"
    """The person, as `divisi operators` has them."""
    as_json: bool = False
    with_worker: bool = True
    hint: str = ""
    """What a person at the terminal is told first."""


def run_chat(settings: Settings, talk: Talk) -> None:
    """Chat until the input ends.

    Raises:
        Misconfigured: there is no customer data yet, or a store can't be used.
        Unavailable: a store does not answer.
    """
    set_up(settings.log_level)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_chat(settings, talk))


async def _chat(settings: Settings, talk: Talk) -> None:
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lines.put_nowait, None)
    stop = asyncio.Event()
    async with opened(settings) as app:
        default = f"terminal:{uuid.uuid4().hex}" if talk.as_json else DEFAULT
        locale = "" if talk.as_json else settings.locale
        session = Session(app, talk.conversation or default, talk.who, locale)
        working = asyncio.create_task(app.worker.run(stop)) if talk.with_worker else None
        try:
            await (_lines(session, lines) if talk.as_json else _screen(session, lines, talk.hint))
        finally:
            stop.set()
            if working is not None:
                await working


async def _lines(session: Session, lines: "asyncio.Queue[str | None]") -> None:
    from adapters.lines import converse, read_lines  # noqa: PLC0415

    out = sys.stdout
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    out.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    read_lines(asyncio.get_running_loop(), lines, sys.stdin)
    await converse(session, lines, out)


async def _screen(session: Session, lines: "asyncio.Queue[str | None]", hint: str) -> None:
    from rich.console import Console  # noqa: PLC0415

    from adapters import terminal  # noqa: PLC0415
    from adapters.lines import read_lines  # noqa: PLC0415

    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    read_lines(asyncio.get_running_loop(), lines, sys.stdin)
    await terminal.talk(session, lines, Console(highlight=False), hint=hint)
