"""Time the import of 10 million message events, as CSV and as Parquet.

python bench/import_speed.py [--events N]
"""

import argparse
import tempfile
from pathlib import Path

import duckdb

from store.audience.load import import_folder

_CONTACTS = """
SELECT 'C' || lpad(CAST(i AS VARCHAR), 7, '0') AS contact_id,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_seconds(i) AS joined_at, 'subscribed' AS line_status,
    i % 2 = 0 AS push_consent, i % 3 = 0 AS sms_consent, i % 5 = 0 AS email_consent
FROM range({contacts}) AS numbers(i)
"""
_EVENTS = """
SELECT 'C' || lpad(CAST(CAST(hash(i) >> 8 AS BIGINT) % {contacts} AS VARCHAR), 7, '0')
        AS contact_id,
    ['line_broadcast', 'whatsapp', 'email'][1 + CAST(hash(i + 1) >> 8 AS BIGINT) % 3] AS channel,
    ['open', 'click'][1 + CAST(hash(i + 2) >> 8 AS BIGINT) % 2] AS event,
    'Campaign ' || CAST(CAST(hash(i + 3) >> 8 AS BIGINT) % 40 AS VARCHAR) AS campaign,
    TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(CAST(hash(i + 4) >> 8 AS BIGINT) % 15000000)
        AS occurred_at
FROM range({events}) AS numbers(i)
"""


def write(folder: Path, kind: str, contacts: int, events: int) -> None:
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    for table, sql in (("contacts", _CONTACTS), ("message_events", _EVENTS)):
        query = sql.format(contacts=contacts, events=events)
        db.execute(f"COPY ({query}) TO '{folder / table}.{kind}'")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    arguments = parser.parse_args()
    for kind in ("csv", "parquet"):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "data"
            folder.mkdir()
            write(folder, kind, arguments.contacts, arguments.events)
            report = import_folder(folder, Path(place))
            assert report.rows["message_events"] == arguments.events
            print(f"{kind}: {arguments.events:,} events in {report.seconds:.1f} s")


if __name__ == "__main__":
    main()
