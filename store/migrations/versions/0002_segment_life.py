"""Segments that are changed and computed again, and who may do so."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("queued_at", sa.Float(53)),
    ("changed_at", sa.Float(53)),
    ("listed_plan", sa.Text),
    ("listed_exclude", sa.Text),
    ("listed_as_of", sa.Float(53)),
    ("listed_at", sa.Float(53)),
)


def upgrade() -> None:
    op.add_column("segment", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    for name, kind in _COLUMNS:
        op.add_column("segment", sa.Column(name, kind))
    op.execute("update segment set queued_at = created_at, changed_at = created_at")
    op.execute(
        "update segment set listed_plan = plan, listed_exclude = exclude, listed_as_of = as_of,"
        " listed_at = created_at where status = 'finished'"
    )
    op.drop_index("ix_segment_status", "segment")
    op.create_index("ix_segment_status", "segment", ["status", "queued_at"])
    op.create_table(
        "operator",
        sa.Column("who", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("added_at", sa.Float(53), nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("operator")
    op.drop_index("ix_segment_status", "segment")
    op.create_index("ix_segment_status", "segment", ["status", "created_at"])
    for name in ("revision", *(name for name, _ in _COLUMNS)):
        op.drop_column("segment", name)
