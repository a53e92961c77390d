"""The audience in an embedded DuckDB: read-only, in a thread, always the current import."""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb

from planner.catalogue import Catalogue
from planner.errors import Misconfigured, Refused, Unavailable
from planner.facts import Explained
from planner.fields import FIELDS, Field, Kind, attribute
from planner.plan import AllOf, Condition
from planner.windows import local_date
from store.audience import prepare, versions
from store.audience.compile import Moment, Statement, count_statement, members_statement
from store.audience.explain import explain_contact
from store.audience.figures import compute_catalogue, keep_catalogue, read_catalogue
from store.audience.files import quoted
from store.audience.listing import known_columns, write_list

T = TypeVar("T")
_KEPT_COUNTS = 2_000
_KEPT_CATALOGUES = 4


@dataclass(frozen=True, slots=True)
class _Data:
    """One imported data set, opened."""

    version: str
    db: duckdb.DuckDBPyConnection
    latest: dict[str, datetime | None]
    attributes: dict[str, Field]

    def field(self, name: str) -> Field:
        found = FIELDS.get(name) or self.attributes.get(name)
        if found is None:
            raise Refused("unknown_field", field=name)
        return found


class EmbeddedAudience:
    """Contacts and what is known of them, from the latest `import_folder` into a home."""

    def __init__(self, home: Path, zone: ZoneInfo) -> None:
        self._home = home
        self._zone = zone
        self._data: _Data | None = None
        self._opening = asyncio.Lock()
        self._counts: OrderedDict[Hashable, int] = OrderedDict()
        self._catalogues: OrderedDict[Hashable, Catalogue] = OrderedDict()

    async def version(self) -> str:
        """Identifies the data set; changes when an import is done.

        Raises:
            Misconfigured: nothing has been imported yet.
        """
        return versions.current_version(self._home)

    async def catalogue(self, as_of: datetime) -> Catalogue:
        """The values and figures known on the local date of `as_of`."""
        data = await self._open()
        today = local_date(as_of, self._zone)
        key = (data.version, today)
        if key not in self._catalogues:
            path = versions.audience_folder(self._home) / (
                f"{data.version}.{today}.{str(self._zone).replace('/', '-')}.json"
            )
            moment = self._moment(data, as_of)
            found = await self._run(data, lambda db: _catalogue(db, data, moment, path))
            _keep(self._catalogues, key, found, _KEPT_CATALOGUES)
        return self._catalogues[key]

    async def count(
        self,
        roots: Sequence[AllOf],
        as_of: datetime,
        exclude: Sequence[Path] = (),
        within: Path | None = None,
    ) -> list[int]:
        """How many contacts are in each plan, less those in the member files, by one statement.

        Raises:
            Refused: "lookback" or "unknown_field", a condition that can't be computed;
                "segment.unknown_exclude", a member file that isn't there.
            Unavailable: the data can't be read.
        """
        data = await self._open()
        known: dict[AllOf, int] = {}
        # A member file's name is never used again for other members.
        without = frozenset(path.name for path in exclude)
        among = None if within is None else _present([within])[0].name
        prefix = (data.version, self._instant(data, as_of), without, among)
        for root in roots:
            if (count := self._counts.get((*prefix, root))) is not None:
                known[root] = count
        unknown = [root for root in dict.fromkeys(roots) if root not in known]
        if unknown:
            moment = self._moment(data, as_of)
            rows = await self._run(
                data,
                lambda db: _fetch(db, count_statement(unknown, moment, _present(exclude), within)),
            )
            for root, count in zip(unknown, rows[0], strict=True):
                known[root] = count
                _keep(self._counts, (*prefix, root), count, _KEPT_COUNTS)
        return [known[root] for root in roots]

    async def explain(
        self, contact_id: str, conditions: Sequence[Condition], as_of: datetime
    ) -> Explained | None:
        """Each condition with one contact's value; None if there is no such contact.

        Raises:
            Refused: "lookback" or "unknown_field", a condition that can't be computed.
            Unavailable: the data can't be read.
        """
        data = await self._open()
        moment = self._moment(data, as_of)
        return await self._run(data, lambda db: explain_contact(db, contact_id, conditions, moment))

    async def member_ids(
        self, root: AllOf, as_of: datetime, exclude: Sequence[Path] = ()
    ) -> list[str]:
        """The ids of the contacts in a plan, sorted, less those in the member files `exclude`."""
        data = await self._open()
        moment = self._moment(data, as_of)
        rows = await self._run(
            data, lambda db: _fetch(db, members_statement(root, moment, _present(exclude)))
        )
        return [row[0] for row in rows]

    async def write_members(
        self, root: AllOf, as_of: datetime, exclude: Sequence[Path], target: Path
    ) -> int:
        """Write the ids as a Parquet file, whole or not at all, and say how many they are.

        Raises:
            Refused: "lookback" or "unknown_field", a condition that can't be computed;
                "segment.unknown_exclude", a member file that isn't there.
            Unavailable: the data can't be read or the file not written.
        """
        data = await self._open()
        moment = self._moment(data, as_of)
        return await self._run(
            data, lambda db: _write(db, members_statement(root, moment, _present(exclude)), target)
        )

    async def columns(self) -> tuple[str, ...]:
        """What is known of a contact under a column of its own: what can be exported."""
        return tuple(await self._run(await self._open(), known_columns))

    async def write_csv(
        self, members: Path, columns: Sequence[str], target: Path, *, bom: bool = False
    ) -> int:
        """Write a member file's contacts with these columns as CSV, and say how many they are.

        Raises:
            Misconfigured: a column that the data set lacks; names those that it has.
            Unavailable: the data or the members can't be read, or the file not written.
        """
        data = await self._open()
        return await self._run(data, lambda db: write_list(db, members, columns, target, bom=bom))

    def _moment(self, data: _Data, as_of: datetime) -> Moment:
        return Moment(as_of, self._zone, data.latest, data.field)

    def _instant(self, data: _Data, as_of: datetime) -> Hashable:
        """What results depend on: after all data is in, only the local date."""
        if any(latest is not None and latest > as_of for latest in data.latest.values()):
            return as_of
        return local_date(as_of, self._zone)

    async def _open(self) -> _Data:
        version = versions.current_version(self._home)
        if self._data is None or self._data.version != version:
            async with self._opening:
                if self._data is None or self._data.version != version:
                    self._data = await asyncio.to_thread(_open_current, self._home, self._zone)
        return self._data

    async def _run(self, data: _Data, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        cursor = data.db.cursor()
        try:
            return await asyncio.to_thread(_work, cursor, self._zone, work)
        except asyncio.CancelledError:
            cursor.interrupt()
            raise


def _work(
    cursor: duckdb.DuckDBPyConnection,
    zone: ZoneInfo,
    work: Callable[[duckdb.DuckDBPyConnection], T],
) -> T:
    with cursor:
        try:
            cursor.execute(f"SET TimeZone = {quoted(str(zone))}")
            return work(cursor)
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise Unavailable("The customer data can't be read at the moment.") from error


def _open_current(home: Path, zone: ZoneInfo) -> _Data:
    while True:
        version = versions.current_version(home)
        try:
            return _open(home, version, zone)
        except Misconfigured:
            if version == versions.current_version(home):
                raise  # else it was taken away while it was being opened


def _open(home: Path, version: str, zone: ZoneInfo) -> _Data:
    path = versions.database_file(home, version)
    try:
        db = duckdb.connect(str(path), read_only=True)
        db.execute(f"SET TimeZone = {quoted(str(zone))}")
        prepare.check_layout(db)
        latest = db.execute("SELECT name, epoch(latest) FROM _latest").fetchall()
        kinds = db.execute("SELECT name, kind FROM _attributes").fetchall()
    except duckdb.Error as error:
        raise Misconfigured(
            "The customer data can't be opened. Run: divisi import FOLDER"
        ) from error
    return _Data(
        version,
        db,
        {name: at and datetime.fromtimestamp(at, UTC) for name, at in latest},
        {name: attribute(name, Kind(kind)) for name, kind in kinds},
    )


def _present(exclude: Sequence[Path]) -> Sequence[Path]:
    if not all(path.is_file() for path in exclude):
        raise Refused("segment.unknown_exclude")
    return exclude


def _fetch(db: duckdb.DuckDBPyConnection, statement: Statement) -> list[tuple[Any, ...]]:
    return db.execute(statement.sql, statement.values).fetchall()


def _write(db: duckdb.DuckDBPyConnection, statement: Statement, target: Path) -> int:
    part = target.with_name(f".{target.name}.part")
    sql = f"COPY ({statement.sql}) TO {quoted(str(part))} (FORMAT parquet, COMPRESSION zstd)"
    row = db.execute(sql, statement.values).fetchone()
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    return int(row[0]) if row else 0


def _catalogue(db: duckdb.DuckDBPyConnection, data: _Data, moment: Moment, path: Path) -> Catalogue:
    found = read_catalogue(path, data.attributes)
    if found is None:
        found = compute_catalogue(db, data.version, moment, data.attributes)
        keep_catalogue(path, found)
    return found


def _keep(kept: OrderedDict[Hashable, T], key: Hashable, value: T, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
