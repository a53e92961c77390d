"""`divisi forget`: take one contact out of data, segments, exports and what was said about it.

Every step can be done again: a run that was killed is completed by the next one.
"""

import asyncio
import contextlib
import csv
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from sqlalchemy import Table, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app import make_home
from bot.export import EXPORTS
from bot.journal import ANSWER
from bot.settings import Settings
from planner.errors import DivisiError, Misconfigured, Unavailable
from store import audit
from store.audience import audience_home, open_audience, versions
from store.audience.forget import forget_contact
from store.audience.listing import BOM, ID, harmless
from store.database import Database
from store.members import FOLDER, count_members, remove_member
from store.tables import inbox, outbox, segment

_ROWS: Final = 500
_WORD = "[0-9A-Za-z_]"
_LONGEST_CELL: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Forgotten:
    """From how many places a contact was removed."""

    known: bool
    """Whether it was in the customer data."""
    lists: int
    exports: int
    nameless: int
    """Exports without a column of ids, which were deleted whole."""
    messages: int


def forget(settings: Settings, contact_id: str, *, sure: bool = False) -> None:
    """Remove a contact, after a "yes" at the terminal unless `sure`, and say from where.

    Raises:
        Misconfigured: there is no such contact (all other places were still cleaned), or nobody
            said yes.
        Refused: an import, or another removal, is under way.
        Unavailable: a store doesn't answer, or the disk is full.
    """
    if not contact_id.strip():
        raise Misconfigured("Name the contact by its id.")
    if not sure:
        _confirm()
    make_home(settings.home)
    place = audience_home(settings.audience or settings.home)
    with versions.importing(place):
        known = forget_contact(place, contact_id)
        done = asyncio.run(_forget_elsewhere(settings, contact_id, known=known))
    sys.stdout.write("".join(f"{line}\n" for line in _report(done)))
    if not known:
        raise Misconfigured(
            "There is no contact of that id in the customer data. "
            "Ids are compared letter by letter."
        )


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise Misconfigured("Removing a contact can't be undone. Confirm it with --yes.")
    sys.stdout.write(
        "This removes the contact from the customer data, every segment and every export, "
        "and can't be undone.\nType yes to go on: "
    )
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise Misconfigured("Nothing was removed.")


def _report(done: Forgotten) -> Iterator[str]:
    if done.known:
        yield "Customer data: the contact and all that was known of it are removed."
    yield f"Segments: removed from {_number(done.lists, 'list')}."
    yield f"Exports: removed from {_number(done.exports, 'file')}. Files kept elsewhere stay."
    if done.nameless:
        yield f"Exports: {_number(done.nameless, 'file')} without contact ids deleted whole."
    yield f"Messages: {_number(done.messages, 'message')} that named the contact removed."
    yield "If the source of the data still has the contact, the next import brings it back."


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


async def _forget_elsewhere(settings: Settings, contact_id: str, *, known: bool) -> Forgotten:
    db = Database(settings.database_url)
    try:
        await db.start()
        async with db.begin() as connection:
            await audit.write(connection, who="terminal", act="contact.forget", what="")
            await _compute_again(connection)
        lists = await _forget_members(db, settings.home / FOLDER, contact_id)
        cut, dropped = await asyncio.to_thread(clean, settings.home / EXPORTS, contact_id)
        messages = await _forget_messages(db, contact_id)
    finally:
        await db.close()
    if known:
        audience = open_audience(settings.audience or settings.home, settings.zone)
        with contextlib.suppress(DivisiError):  # else made when a chat first needs it
            await audience.catalogue(settings.now())
    return Forgotten(known, lists, cut, dropped, messages)


async def _compute_again(connection: AsyncConnection) -> None:
    """Take segments away from workers that may be reading the data as it was before."""
    await connection.execute(
        update(segment)
        .where(segment.c.status == "computing")
        .values(
            status="queued",
            lease_until=None,
            fence=segment.c.fence + 1,
            attempts=segment.c.attempts - 1,
        )
    )


async def _forget_members(db: Database, folder: Path, contact_id: str) -> int:
    removed = 0
    for path in await asyncio.to_thread(_files, folder, "*.parquet"):
        try:
            removed += await asyncio.to_thread(remove_member, path, contact_id)
            count = await asyncio.to_thread(count_members, path)
        except Unavailable:
            if path.exists():
                raise
            continue  # a newer list has taken its place
        # Also where a run was killed between file and count.
        async with db.begin() as connection:
            await connection.execute(
                update(segment)
                .where(segment.c.members_file == path.name, segment.c.count != count)
                .values(count=count)
            )
    return removed


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if not path.is_dir())


def clean(folder: Path, contact_id: str) -> tuple[int, int]:
    """Take a contact out of every CSV file below a folder.

    Says from how many files it was taken, and how many were deleted because they don't tell whose
    row is whose. Files still being written go, too: their lists may be from before.
    """
    csv.field_size_limit(_LONGEST_CELL)
    cut = dropped = 0
    for path in _files(folder, "*"):
        if path.name.startswith("."):
            path.unlink(missing_ok=True)
        elif path.suffix.lower() == ".csv":
            found = _cut(path, {contact_id, harmless(contact_id)})
            cut += found is True
            dropped += found is None
    return cut, dropped


def _cut(path: Path, ids: set[str]) -> bool | None:
    """Take the rows of a contact out; None if the file has no ids and was deleted."""
    part = path.with_name(f".{path.name}.part")
    try:
        with _open(path) as file:
            header, text = next(_records(file), ([], ""))
            if not header:
                return False
            if ID not in (columns := [column.removeprefix(BOM) for column in header]):
                path.unlink()
                return None
            part.touch(mode=0o600)
            if not _rewrite(file, part, text, columns.index(ID), ids):
                return False
        part.replace(path)
    except FileNotFoundError:  # deleted meanwhile
        return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _rewrite(file: TextIO, part: Path, header: str, at: int, ids: set[str]) -> bool:
    removed = False
    with _open(part, "w") as kept:
        kept.write(header)
        for row, text in _records(file):
            if len(row) > at and row[at] in ids:
                removed = True
            else:
                kept.write(text)
    return removed


def _open(path: Path, mode: str = "r") -> TextIO:
    # What isn't UTF-8 stays as it is.
    file: Any = path.open(mode, encoding="utf-8", errors="surrogateescape", newline="")
    return file  # type: ignore[no-any-return]


def _records(file: TextIO) -> Iterator[tuple[list[str], str]]:
    """Each record with its text as it is written, line breaks within cells included."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in file:
            taken.append(line)
            yield line

    for row in csv.reader(lines()):
        yield row, "".join(taken)
        taken.clear()


async def _forget_messages(db: Database, contact_id: str) -> int:
    """Delete answers and empty handled events; an event's id stays, so that it is known again."""
    mentions = naming(contact_id)
    sent = or_(outbox.c.status != "waiting", outbox.c.kind == ANSWER)
    answers = await _rows(db, outbox, outbox.c.seq, sent, mentions)
    events = await _rows(db, inbox, inbox.c.id, inbox.c.done_at.is_not(None), mentions)
    async with db.begin() as connection:
        for seq in answers:
            await connection.execute(outbox.delete().where(outbox.c.seq == seq))
        for letter in events:
            await connection.execute(update(inbox).where(inbox.c.id == letter).values(body={}))
    return len(answers) + len(events)


async def _rows(
    db: Database, table: Table, key: Any, wanted: Any, mentions: Callable[[Any], bool]
) -> list[int]:
    """The keys of the rows that are wanted and mention the contact."""
    found: list[int] = []
    last = -1
    while True:
        async with db.read() as connection:
            page = select(key, table.c.body).where(wanted, key > last).order_by(key).limit(_ROWS)
            rows = (await connection.execute(page)).all()
        if not rows:
            return found
        last = rows[-1][0]
        found += [row[0] for row in rows if mentions(row[1])]


def naming(contact_id: str) -> Callable[[Any], bool]:
    """Whether JSON has the id in it as a word of its own, in any case and width."""
    plain = _folded(contact_id)
    within = _folded(json.dumps(contact_id, ensure_ascii=False)[1:-1])  # JSON inside of JSON
    ids = "|".join(re.escape(each) for each in {plain, within})
    word = re.compile(f"(?<!{_WORD})(?:{ids})(?!{_WORD})")

    def mentions(value: Any) -> bool:
        if isinstance(value, dict):
            return any(mentions(each) for each in value.values())
        if isinstance(value, list):
            return any(mentions(each) for each in value)
        return isinstance(value, str) and word.search(_folded(value)) is not None

    return mentions


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
