"""Alembic's entry: runs on the connection that the program hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from app.library.schema import Base

connection = context.config.attributes["connection"]
# transactional_ddl: SQLite can, though Alembic assumes it cannot; the caller owns the transaction and commits once,
# so a revision and the row that records it arrive together or not at all.
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transactional_ddl=True)
context.run_migrations()
