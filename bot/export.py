"""`divisi segments`: what there is, and a segment's members as a file for a person."""

import asyncio
import contextlib
import secrets
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from bot.app import make_home
from bot.settings import Settings
from planner.errors import Misconfigured
from planner.explain import list_conditions
from store import audit, segments
from store.audience import Audience, open_audience
from store.database import Database
from store.members import FOLDER
from store.segments import Segment

T = TypeVar("T")
_PAGE = 200
EXPORTS: Final = "exports"
"""The folder of a home that keeps what was exported in a chat."""


def print_list(settings: Settings) -> None:
    """Print id, status, count and name of every segment, newest first."""

    async def everything(db: Database) -> list[Segment]:
        found: list[Segment] = []
        while page := await segments.list_segments(db, _PAGE, len(found)):
            found += page
        return found

    rows = _ask(settings, everything)
    if not rows:
        sys.stderr.write("There are no segments yet. Make one with: divisi chat\n")
    for segment in rows:
        count = "" if segment.count is None else str(segment.count)
        sys.stdout.write(f"{segment.id}\t{segment.status}\t{count}\t{segment.name}\n")


def print_segment(settings: Settings, which: str) -> None:
    """Print one segment.

    Raises:
        Misconfigured: there is no such segment.
    """
    segment = _ask(settings, lambda db: find(db, which))
    shown = {
        "name": segment.name,
        "id": segment.id,
        "status": segment.status,
        "contacts": "" if segment.count is None else f"{segment.count:,}",
        "created": segment.created_at.isoformat(timespec="seconds"),
        "as of": segment.as_of.isoformat(timespec="seconds"),
        "reason": segment.reason,
    }
    for name, value in shown.items():
        if value:
            sys.stdout.write(f"{name + ':':10}{value}\n")
    plan = segment.plan if segment.listed_plan is None else segment.listed_plan
    for line in (*segment.description.splitlines(), *list_conditions(plan.root, "en")):
        sys.stdout.write(f"  {line}\n")


def export_members(
    settings: Settings, which: str, columns: Sequence[str], to: Path | None, *, bom: bool = False
) -> None:
    """Write a segment's finished list as CSV, to a file or to standard output, whole or not at all.

    While the segment is computed again, that is the list before.

    Raises:
        Misconfigured: there is no such segment or column, it has no list yet, or the file can't be
            written.
        Unavailable: the data or the members can't be read.
    """
    segment = _ask(settings, lambda db: _exported(db, which))
    if segment.members_file is None:
        raise Misconfigured(f"The segment is {segment.status}: it has no members to export yet.")
    members = settings.home / FOLDER / segment.members_file
    audience = open_audience(settings.audience or settings.home, settings.zone)
    if to is not None:
        asyncio.run(_write(audience, members, columns, to, bom=bom))
        return
    # Not straight to standard output: an error must not come after half a list.
    make_home(folder := settings.home / EXPORTS)
    whole = folder / f".{secrets.token_hex(8)}.csv"
    asyncio.run(_write(audience, members, columns, whole, bom=bom))
    try:
        file = whole.open("rb")
        whole.unlink()
    except OSError as error:
        raise _unwritable(whole, error) from error
    with file:
        shutil.copyfileobj(file, sys.stdout.buffer, 1 << 20)
    sys.stdout.flush()


async def _exported(db: Database, which: str) -> Segment:
    """The segment, and in the audit log that its list is given out."""
    segment = await find(db, which)
    if segment.members_file is not None:
        async with db.begin() as connection:
            await audit.write(connection, who="terminal", act="segment.export", what=segment.id)
    return segment


async def columns_of(audience: Audience) -> tuple[str, ...]:
    """What `export_list` can write of a contact, `contact_id` among them.

    Raises:
        Misconfigured: nothing has been imported.
        Unavailable: the data can't be read.
    """
    return await audience.columns()


async def export_list(
    audience: Audience, members: Path, columns: Sequence[str], target: Path, *, bom: bool = False
) -> int:
    """Write the contacts of a member file as CSV and say how many they are.

    The file appears whole or not at all, for its owner alone, in a folder that is made for its
    owner alone if need be. Without columns it holds ids.

    Raises:
        Misconfigured: a column that the data lacks (names those there are), or a file that can't
            be written.
        Unavailable: the data or the members can't be read.
    """
    try:
        _private(target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error
    return await _write(audience, members, columns, target, bom=bom)


async def _write(
    audience: Audience, members: Path, columns: Sequence[str], target: Path, *, bom: bool
) -> int:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        count = await audience.write_csv(members, columns, part, bom=bom)
        part.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return count


def _unwritable(target: Path, error: OSError) -> Misconfigured:
    return Misconfigured(f"{target} can't be written ({error.strerror}).")


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


async def find(db: Database, which: str) -> Segment:
    """The segment of an id or a name.

    Raises:
        Misconfigured: there is none.
    """
    segment = await segments.get(db, which) or await segments.find(db, which)
    if segment is None:
        raise Misconfigured("There is no segment of that name or id. See: divisi segments list")
    return segment


def _ask(settings: Settings, question: Callable[[Database], Awaitable[T]]) -> T:
    async def work() -> T:
        make_home(settings.home)
        db = Database(settings.database_url)
        try:
            await db.start()
            return await question(db)
        finally:
            await db.close()

    return asyncio.run(work())
