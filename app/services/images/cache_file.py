"""One SQLite file outside every library that may be deleted at any time: opened, begun anew, emptied of faces."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path


def connect(file: Path, schema: str, *, page_size: int | None = None) -> sqlite3.Connection:
    """Open or make a cache, for several threads; a damaged one is replaced. What is deleted in it is overwritten.

    Raises:
        OSError: its folder cannot be made or written.
        sqlite3.Error: the file cannot be used.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(file, schema, page_size)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # damaged: it is only a cache, so begin a new one
        remove(file)
        return _connect(file, schema, page_size)


def parts(file: Path) -> list[Path]:
    """The file, and what SQLite keeps beside it."""
    return [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]


def remove(file: Path) -> None:
    """Delete the cache, with what SQLite keeps beside it."""
    for name in parts(file):
        name.unlink(missing_ok=True)


def _connect(file: Path, schema: str, page_size: int | None) -> sqlite3.Connection:
    db = sqlite3.connect(file, check_same_thread=False, timeout=5.0)
    try:
        if page_size is not None:
            db.execute(f"PRAGMA page_size = {page_size}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA secure_delete = ON")
        db.executescript(schema)
    except sqlite3.Error:
        db.close()
        raise
    return db


def forget(db: sqlite3.Connection, tables: Sequence[str], sha256s: Sequence[str]) -> None:
    """Remove the rows of these contents for good: SQLite overwrites them, and the log that still held them goes.

    Raises:
        sqlite3.Error: the file cannot be written; then it still holds them.
    """
    with db:
        for table in tables:
            db.executemany(f"DELETE FROM {table} WHERE sha256 = ?", [(s,) for s in sha256s])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
