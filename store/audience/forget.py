"""Take one contact out of the customer data: a new version without it, and none with it."""

from pathlib import Path

import duckdb

from planner.errors import Misconfigured, Unavailable
from planner.fields import Kind
from store.audience import prepare, versions
from store.audience.attributes import Attribute, column_of
from store.audience.files import name, quoted
from store.audience.values import prepare_values

_MADE_ANEW = ("_latest", "_values", "_products")


def forget_contact(home: Path, contact_id: str) -> bool:
    """Publish the data without a contact, and remove the versions before; False if it wasn't in.

    The caller holds `versions.importing`. Every table is written again, since rows that are only
    deleted stay in a database's file. On an error the data in use stays.

    Raises:
        Misconfigured: the data was imported by another version of Divisi, or is none.
        Unavailable: the disk is full or can't be written.
    """
    try:
        current = versions.current_version(home)
    except Misconfigured:  # nothing was imported, so nobody is known
        return False
    try:
        found = _build(home, current, version := versions.new_version(), contact_id)
        if found:
            versions.publish(home, version)
        # Also after a removal that was killed here, or an import that kept the version before.
        versions.keep_only_current(home)
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        raise Unavailable(
            "There is no room to write the data anew, or it can't be read."
        ) from error
    return found


def _build(home: Path, current: str, version: str, contact_id: str) -> bool:
    building = versions.building_file(home, version)
    with duckdb.connect() as db:
        db.execute(f"SET temp_directory = {quoted(f'{building}.spill')}")
        db.execute("SET TimeZone = 'UTC'")
        db.execute(
            f"ATTACH {quoted(str(versions.database_file(home, current)))} AS old (READ_ONLY)"
        )
        prepare.check_layout(db, "old._layout")
        row = db.execute("SELECT _key FROM old.contacts WHERE contact_id = $1", [contact_id])
        key = row.fetchone()
        if key is None:
            return False
        db.execute(f"ATTACH {quoted(str(building))} AS new")
        db.execute("USE new")
        _copy(db, int(key[0]))
        attributes = _attributes(db)
        prepare.find_latest(db, attributes)
        prepare_values(db, attributes)
        db.execute("CHECKPOINT new")
    return True


def _copy(db: duckdb.DuckDBPyConnection, key: int) -> None:
    sql = (
        "SELECT table_name, bool_or(column_name = '_key') FROM duckdb_columns() "
        "WHERE database_name = 'old' GROUP BY 1"
    )
    for table, keyed in db.execute(sql).fetchall():
        if table not in _MADE_ANEW:
            kept = f"WHERE _key <> {key}" if keyed else ""
            db.execute(f"CREATE TABLE {name(table)} AS FROM old.{name(table)} {kept}")


def _attributes(db: duckdb.DuckDBPyConnection) -> list[Attribute]:
    rows = db.execute("SELECT name, kind FROM _attributes").fetchall()
    return [Attribute(column_of(title, Kind(kind))) for title, kind in rows]
