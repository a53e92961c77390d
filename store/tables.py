"""The tables of the segment store. All times are seconds since 1970 in UTC."""

from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
)

HEAD: Final = "0003"
"""The newest migration."""

metadata = MetaData(
    naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
)

segment = Table(
    "segment",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("description", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("exclude", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("as_of", Float(53), nullable=False),
    Column("created_at", Float(53), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("count", Integer),
    Column("seconds", Float(53)),
    Column("reason", Text, nullable=False, default=""),
    Column("members_file", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_until", Float(53)),
    Column("not_before", Float(53)),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("queued_at", Float(53)),
    Column("changed_at", Float(53)),
    Column("listed_plan", Text),
    Column("listed_exclude", Text),
    Column("listed_as_of", Float(53)),
    Column("listed_at", Float(53)),
    Index("ix_segment_status", "status", "queued_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", Text, nullable=False),
    Column("event_id", Text, nullable=False, unique=True),
    Column("body", JSON, nullable=False),
    Column("received_at", Float(53), nullable=False),
    Column("done_at", Float(53)),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Float(53)),
    sqlite_autoincrement=True,
)
Index(
    "ix_inbox_waiting",
    inbox.c.conversation,
    inbox.c.id,
    sqlite_where=inbox.c.done_at.is_(None),
    postgresql_where=inbox.c.done_at.is_(None),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("conversation", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("created_at", Float(53), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Float(53)),
    Column("not_before", Float(53)),
    Index("ix_outbox_conversation", "conversation", "seq"),
    sqlite_autoincrement=True,
)
Index(
    "ix_outbox_waiting",
    outbox.c.conversation,
    outbox.c.seq,
    sqlite_where=outbox.c.status == "waiting",
    postgresql_where=outbox.c.status == "waiting",
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float(53), nullable=False),
    Column("who", Text, nullable=False),
    Column("act", String(64), nullable=False),
    Column("what", Text, nullable=False),
    sqlite_autoincrement=True,
)

operator = Table(
    "operator",
    metadata,
    Column("who", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("added_at", Float(53), nullable=False),
    Column("added_by", Text, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Float(53), nullable=False),
)

friend = Table(
    "friend",
    metadata,
    Column("line_user_id", Text, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("at", Float(53), nullable=False),
)


def clock(dialect: Dialect) -> ColumnElement[float]:
    """The database's own clock, so that every process means the same moment by a lease."""
    if dialect.name == "postgresql":
        return literal_column("extract(epoch from clock_timestamp())::float8", Float(53))
    return literal_column("((julianday('now') - 2440587.5) * 86400.0)", Float(53))


def free(
    lease: ColumnElement[float], now: ColumnElement[float], seconds: float
) -> ColumnElement[bool]:
    """Whether a lease is over; one far in the future was given by a clock that was wrong."""
    return lease.is_(None) | (lease < now) | (lease > now + 2 * seconds)
