"""`divisi segments`: what there is, and the members as a file for a person."""

import asyncio
import csv
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import IO, TypeVar

from bot.app import make_home
from bot.settings import Settings
from planner.errors import Misconfigured
from store import segments
from store.database import Database
from store.members import read_members
from store.segments import Segment

T = TypeVar("T")
_PAGE = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    for line in segment.description.splitlines():
        sys.stdout.write(f"  {line}\n")


def export_members(settings: Settings, which: str, to: Path | None) -> None:
    """Write the members as CSV, to a file (whole or not at all) or to standard output.

    Raises:
        Misconfigured: there is no such segment, it isn't finished, or the file can't be written.
    """
    segment = _ask(settings, lambda db: find(db, which))
    if segment.status != "finished" or segment.members_file is None:
        raise Misconfigured(f"The segment is {segment.status}: it has no members to export yet.")
    members = read_members(settings.home / "members" / segment.members_file)
    if to is None:
        write_csv(members, sys.stdout)
        sys.stdout.flush()
        return
    part = to.with_name(f".{to.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            write_csv(members, file)
        part.replace(to)
    except OSError as error:
        raise Misconfigured(f"{to} can't be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)


def write_csv(members: Iterable[str], file: IO[str]) -> None:
    """Write contact ids with a header, such that no spreadsheet takes one for a formula."""
    plain = csv.writer(file, lineterminator="\n")
    quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(["contact_id"])
    for member in members:
        (quoted if "\r" in member else plain).writerow([harmless(member)])


def harmless(cell: str) -> str:
    """The cell as text, whatever it starts with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


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
