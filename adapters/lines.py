"""The chat as JSON lines: for tests, benchmarks and other programs."""

import asyncio
import json
import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import IO, Any, Protocol

from adapters.answer import Answer, Json, write_answer
from planner.chat import Built, Chose, Event, Said
from planner.errors import DivisiError

LONGEST_LINE = 1 << 20
"""Characters of an input line; a longer one is refused."""
_LONGEST_WAIT = 3_600.0


class Session(Protocol):
    """A conversation, as a terminal needs it."""

    last: Answer
    resumed: bool

    async def open(self) -> Answer:
        """The welcome, or where the conversation stands."""

    async def begin(self) -> Answer:
        """Leave this conversation for a new one."""

    async def send(self, event: Event) -> Answer:
        """Handle what the person did."""

    async def shown(self) -> None:
        """What was taken last has been shown."""

    async def news(self, seconds: float) -> Answer | None:
        """The next news, such as a finished segment, within so many seconds."""

    async def forms(self) -> Json:
        """The plan's conditions as they are edited by hand, and all fields."""

    async def form(self, field: str, index: int | None) -> Json:
        """The form of a field, or of the condition at a place."""

    async def members(self) -> tuple[datetime, list[str]]:
        """The moment and the contact ids of the plan as it stands."""


class BadLineError(ValueError):
    """An input line that is none of those that are understood; the text says why."""


def read_line(line: str) -> Json:
    """The one command of an input line.

    Raises:
        BadLineError: it is no such object.
    """
    if len(line) > LONGEST_LINE:
        raise BadLineError(f"A line may have at most {LONGEST_LINE:,} characters.")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError("The line is not valid JSON.") from error
    if not isinstance(found, dict):
        raise BadLineError("The line is not a JSON object.")
    if len(found) != 1 or not set(found) <= set(_CHECKS):
        names = ", ".join(_CHECKS)
        raise BadLineError(f"The object must have exactly one of the keys {names}.")
    (key, value), = found.items()  # fmt: skip
    if not _CHECKS[key](value):
        raise BadLineError(_EXPECTED[key])
    return found


def _ids(value: Any) -> bool:
    listed = isinstance(value, list) and 0 < len(value) <= 100
    return isinstance(value, str) or (listed and all(isinstance(v, str) for v in value))


def _seconds(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= _LONGEST_WAIT


def _asks_form(value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= {"field", "index"} or not value:
        return False
    index = value.get("index")
    counted = index is None or (isinstance(index, int) and not isinstance(index, bool))
    return isinstance(value.get("field", ""), str) and counted


_CHECKS = {
    "text": lambda value: isinstance(value, str),
    "choose": _ids,
    "build": lambda value: isinstance(value, dict),
    "forms": lambda value: value is True,
    "form": _asks_form,
    "new": lambda value: value is True,
    "evaluate": lambda value: value is True,
    "wait": _seconds,
}
_EXPECTED = {
    "text": '"text" must be a string.',
    "choose": '"choose" must be an option id or a list of option ids.',
    "build": '"build" must be an object: kind, field, values, index, match.',
    "forms": '"forms" must be true.',
    "form": '"form" must be an object with field, index or both.',
    "new": '"new" must be true.',
    "evaluate": '"evaluate" must be true.',
    "wait": '"wait" must be a number of seconds, at most an hour.',
}


def read_lines(
    loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str | None]", source: IO[str]
) -> None:
    """Put every line of `source` into the queue, from a thread of its own; None at the end."""

    def work() -> None:
        line: str | None = ""
        while line is not None:
            try:
                line = source.readline() or None
            except (ValueError, OSError):
                line = None
            try:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            except RuntimeError:  # the program has ended
                return

    threading.Thread(target=work, daemon=True).start()


async def converse(session: Session, lines: "asyncio.Queue[str | None]", out: IO[str]) -> None:
    """Answer every line with one line, the welcome first, until the input ends."""
    started = time.perf_counter()
    _write(out, _shape(await session.open(), started))
    await session.shown()
    while (line := await lines.get()) is not None:
        started = time.perf_counter()
        try:
            answer = await _answer(session, read_line(line), started)
        except (BadLineError, DivisiError) as error:
            answer = {"error": str(error)}
        _write(out, answer)
        await session.shown()


async def _answer(session: Session, command: Json, started: float) -> Json:
    if "evaluate" in command:
        as_of, ids = await session.members()
        moment = as_of.isoformat().replace("+00:00", "Z")
        return {"as_of": moment, "count": len(ids), "contact_ids": ids}
    if "forms" in command:
        return await session.forms()
    if "form" in command:
        asked = command["form"]
        return await session.form(asked.get("field", ""), asked.get("index"))
    if "wait" in command:
        news = await session.news(command["wait"])
        return _shape(news or replace(session.last, replies=()), started)
    if "new" in command:
        return _shape(await session.begin(), started)
    return _shape(await session.send(_event(command)), started)


def _event(command: Json) -> Event:
    if "text" in command:
        return Said(command["text"])
    if "build" in command:
        return Built(json.dumps(command["build"], ensure_ascii=False))
    chosen = command["choose"]
    return Chose((chosen,) if isinstance(chosen, str) else tuple(chosen))


def _shape(answer: Answer, started: float) -> Json:
    body = write_answer(answer)
    names = ("language", "status", "replies", "plan")
    elapsed = round((time.perf_counter() - started) * 1_000, 1)
    return {name: body[name] for name in names} | {"elapsed_ms": elapsed}


def _write(out: IO[str], answer: Json) -> None:
    out.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")
    out.flush()
