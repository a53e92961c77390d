"""The segment store's history, by Alembic."""
