"""All that is special to SQLite: connections, transactions, what its errors mean to people, copies of the file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from app.library.errors import LibraryError
from engine.atomic import replacing

BUSY_S: Final = 15.0
_BETWEEN_TRIES_S: Final = 0.02
_PREFIX: Final = "sqlite:///"
_LOCKED: Final = ("Another program keeps the library locked.", "Close it and try again.")
_DAMAGED: Final = ("The library's database file is damaged.", "Restore the newest file of its 'backups' folder.")
_REMEDIES: Final[dict[str, tuple[str, str]]] = {
    "SQLITE_READONLY": ("The library's drive or folder does not allow writing.", "Make it writable and try again."),
    "SQLITE_FULL": ("The library's drive is full.", "Free some space and try again."),
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_CANTOPEN": ("The library's database file cannot be opened.", "Check that its drive is there and writable."),
    "SQLITE_IOERR": ("The library's drive reports an error.", "Check that it is still there and has space left."),
}


def database_file(directory: Path, url: str) -> Path:
    """The file that a library's database URL names.

    Raises:
        LibraryError: the URL is of another kind of database.
    """
    if not url.startswith(_PREFIX):
        kind = url.partition(":")[0]
        raise LibraryError(
            f"The library keeps its data in {kind}, which this version cannot open.", "Update the program."
        )
    return directory / url[len(_PREFIX) :]


def make_engine(database: Path) -> Engine:
    """Connections with WAL, foreign keys, `synchronous=FULL`, wiping what is deleted; `fiqa_begin` is the BEGIN."""
    engine = create_engine(f"{_PREFIX}{database}", connect_args={"timeout": BUSY_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: sqlite3 would begin too late and too weakly
        _use_wal(connection)
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(str(connection.get_execution_options().get("fiqa_begin", "BEGIN")))

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write ahead. SQLite itself does not wait for a lock when a file changes to it, and two windows may make one."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("pragma journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(_BETWEEN_TRIES_S)


def writing(engine: Engine) -> Engine:
    """The same connections, whose transactions take the write lock at their start."""
    return engine.execution_options(fiqa_begin="BEGIN IMMEDIATE")


@contextmanager
def told(database: Path) -> Iterator[None]:
    """Turn what SQLite reports about the outside world into a sentence; bugs pass through.

    Raises:
        LibraryError: drive read-only, full or gone, file damaged, or locked by another program.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(cause, "sqlite_errorname", None) or ""
        known = _REMEDIES.get("_".join(name.split("_")[:2]))  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
        if known is None:
            raise
        raise LibraryError(known[0], f"{known[1]} ({database})") from error


def copy_file(database: Path, target: Path) -> None:
    """Copy a database that may be in use; the target is whole or not there, and needs no file beside it."""
    with (
        replacing(target) as partial,
        closing(sqlite3.connect(database, timeout=BUSY_S)) as source,
        closing(sqlite3.connect(partial)) as copy,
    ):
        # One state of the library, however long it takes: without a reader's snapshot every write begins it anew.
        source.execute("begin")
        source.execute("select 1 from sqlite_master").fetchone()
        _copy(source, copy)
        copy.execute("pragma journal_mode=delete")


def fold(database: Path) -> None:
    """Fold the write-ahead log into the file and empty it, so that it holds nothing of what was deleted.

    Where another window reads just now, that happens when the last one closes.
    """
    with told(database), closing(sqlite3.connect(database, timeout=BUSY_S)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()


def check_sound(database: Path) -> None:
    """Read a whole file and verify it.

    Raises:
        LibraryError: it is damaged, or no database.
    """
    with told(database), closing(_read_only(database)) as source:
        if source.execute("pragma integrity_check").fetchone() != ("ok",):
            raise LibraryError(f"{database.name} is damaged.", "Choose another backup.")


def tables(database: Path) -> set[str]:
    """The names of the tables in a file, without changing it."""
    with closing(_read_only(database)) as source:
        return {str(name) for (name,) in source.execute("select name from sqlite_master where type = 'table'")}


def recorded_revision(database: Path) -> str | None:
    """The revision that a file says it has, without changing the file."""
    with closing(_read_only(database)) as source:
        named = source.execute("select 1 from sqlite_master where name = 'alembic_version'").fetchone()
        row = source.execute("select version_num from alembic_version").fetchone() if named else None
        return str(row[0]) if row else None


def copy_into(source: Path, database: Path) -> None:
    """Put the content of `source` into a database that may be in use, as one transaction."""
    with closing(_read_only(source)) as backup, closing(sqlite3.connect(database, timeout=BUSY_S)) as live:
        _copy(backup, live)


def _read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(database.absolute().as_uri() + "?mode=ro", uri=True, timeout=BUSY_S)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """SQLite's own backup. Python would wait for a lock for ever; this gives up when nothing moves."""
    last, deadline = -1, time.monotonic() + BUSY_S

    def watch(_status: int, remaining: int, _total: int) -> None:
        nonlocal last, deadline
        if remaining != last:
            last, deadline = remaining, time.monotonic() + BUSY_S
        elif time.monotonic() > deadline:
            raise LibraryError(*_LOCKED)

    source.backup(target, pages=4096, progress=watch, sleep=0.05)
