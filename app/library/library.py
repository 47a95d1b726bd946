"""A library on disk: create, open, read, write, back up. What is special to SQLite stays in this module.

    library.toml  library.sqlite  models/  runs/  snapshots/  backups/

Every connection: WAL, foreign keys on, `synchronous=FULL`. A write is `BEGIN IMMEDIATE` with a busy timeout, one at a
time in this process (a lock, so that nobody sleeps in SQLite's busy loop) and across processes (SQLite's lock).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import platformdirs
import tomli_w
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.library.changes import Changes, last_seq
from app.library.errors import LabelValueError, LibraryError
from app.library.migrations import REVISION
from app.library.migrations.upgrade import bring_up_to_date, check_known, present_revision

__all__ = ["LabelValueError", "Library", "LibraryError", "default_directory"]

BUSY_S: Final = 15.0
KEEP_BACKUPS: Final = 7
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_REMEDIES: Final[tuple[tuple[str, str, str], ...]] = (
    ("SQLITE_READONLY", "The library's drive or folder does not allow writing.", "Make it writable and try again."),
    ("SQLITE_FULL", "The library's drive is full.", "Free some space and try again."),
    ("SQLITE_BUSY", "Another program keeps the library locked.", "Close it and try again."),
    ("SQLITE_LOCKED", "Another program keeps the library locked.", "Close it and try again."),
    ("SQLITE_NOTADB", "The library's database file is damaged.", "Restore the last file of its 'backups' folder."),
    ("SQLITE_CORRUPT", "The library's database file is damaged.", "Restore the last file of its 'backups' folder."),
    ("SQLITE_CANTOPEN", "The library's database file cannot be opened.", "Check that its drive is there and writable."),
    ("SQLITE_IOERR", "The library's drive reports an error.", "Check that it is still there and has space left."),
)


def default_directory() -> Path:
    """Where a library lives unless the person says otherwise (`FIQA_HOME` moves it)."""
    home = os.environ.get("FIQA_HOME")
    return (Path(home) if home else platformdirs.user_data_path("fiqa-desktop", appauthor=False)) / "library"


class Library:
    """An open library. Safe to use from several threads; each `read()` or `write()` has its own session."""

    def __init__(self, directory: Path, settings: dict[str, Any]) -> None:
        """Use `create`, `open` or `open_or_create`."""
        self.directory = directory
        self.id = str(settings["id"])
        self.salt = str(settings["salt"])
        low, high = settings["display_scale"]
        self.display_scale = (float(low), float(high))
        self.models_dir = directory / "models"
        self.runs_dir = directory / "runs"
        self.snapshots_dir = directory / "snapshots"
        self.backups_dir = directory / "backups"
        self.database = _database_file(directory, str(settings["database"]))
        self._engine = _engine(self.database)
        self._writer = self._engine.execution_options(fiqa_begin="BEGIN IMMEDIATE")
        self._lock = threading.Lock()
        self._lock_owner = 0

    # -- open ----------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, directory: Path) -> Library:
        """Make a new library.

        Raises:
            LibraryError: there is one already, or the place cannot be written.
        """
        directory = Path(directory).absolute()
        toml = directory / "library.toml"
        if toml.exists():
            raise LibraryError(f"There is a library in {directory} already.", "Open it instead.")
        settings = {
            "format": 1,
            "id": uuid.uuid4().hex,
            "database": "sqlite:///library.sqlite",
            "display_scale": [0.0, 1.0],
            "salt": secrets.token_hex(8),
        }
        try:
            directory.mkdir(parents=True, exist_ok=True)
            _publish(toml, tomli_w.dumps(settings))
        except FileExistsError:
            pass  # another window was faster: its library is the one to open
        except OSError as error:
            raise LibraryError(f"Cannot make a library in {directory}: {error.strerror or error}.") from error
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path) -> Library:
        """Open a library; an older one is copied to `backups/` and brought up to date.

        Raises:
            LibraryError: there is none, it is damaged, newer than this program, or cannot be written.
        """
        directory = Path(directory).absolute()
        library = cls(directory, _settings(directory))
        try:
            for folder in (library.models_dir, library.runs_dir, library.snapshots_dir, library.backups_dir):
                folder.mkdir(exist_ok=True)
            library._bring_up_to_date()
        except OSError as error:
            raise LibraryError(f"Cannot write to the library in {directory}: {error.strerror or error}.") from error
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def open_or_create(cls, directory: Path) -> Library:
        """Open the library of a directory, make it if there is none."""
        return cls.open(directory) if (Path(directory) / "library.toml").exists() else cls.create(directory)

    def close(self) -> None:
        """Close all connections; SQLite then folds its write-ahead log into the file."""
        self._engine.dispose()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- read and write ------------------------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state; what it changes is dropped.

        Raises:
            LibraryError: the database cannot be read.
        """
        with self._told(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are on the disk when the block ends, or not at all when it raises. Not to be nested.

        Raises:
            LibraryError: drive read-only, full or gone, file damaged, or another program keeps the lock.
        """
        with self._told(), self._turn(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._lock_owner == threading.get_ident():
            raise RuntimeError("Library.write() inside Library.write()")
        if not self._lock.acquire(timeout=BUSY_S):
            raise LibraryError("The library is busy with another change.", "Try again in a moment.")
        self._lock_owner = threading.get_ident()
        try:
            yield
        finally:
            self._lock_owner = 0
            self._lock.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite reports about the outside world into a sentence; bugs pass through."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            name = getattr(cause, "sqlite_errorname", None) or ""
            for prefix, message, remedy in _REMEDIES:
                if name.startswith(prefix):
                    raise LibraryError(message, f"{remedy} ({self.database})") from error
            raise

    # -- versions ------------------------------------------------------------------------------------------------

    def _bring_up_to_date(self) -> None:
        with self._told():
            with self._engine.connect() as connection:
                revision = present_revision(connection)
            if revision == REVISION and self._is_stamped():
                return
            if revision is not None:
                check_known(revision)
                self._copy_to(self.backups_dir / f"before-{REVISION}-{_stamp()}.sqlite")
            with self._turn(), self._writer.begin() as connection:
                if (again := present_revision(connection)) != REVISION or not _has_stamp(connection):
                    bring_up_to_date(connection, again)

    def _is_stamped(self) -> bool:
        with self._engine.connect() as connection:
            return _has_stamp(connection)

    # -- backups -------------------------------------------------------------------------------------------------

    def backups(self) -> list[Path]:
        """All backups, newest first."""
        return sorted(self.backups_dir.glob("*.sqlite"), key=lambda p: p.stem.rsplit("-", 1)[-1], reverse=True)

    def backup_if_due(self, now: datetime | None = None) -> Path | None:
        """Once a day: copy the database into `backups/`, keep the newest seven. Returns the new copy, None if not due.

        Raises:
            LibraryError: the copy cannot be written; the older ones are kept.
        """
        moment = now or datetime.now(UTC)
        daily = sorted(self.backups_dir.glob("library-*.sqlite"))
        if daily and moment - _stamped(daily[-1]) < timedelta(days=1):
            return None
        target = self.backups_dir / f"library-{moment.astimezone(UTC).strftime(_STAMP)}.sqlite"
        with self._told():
            self._copy_to(target)
        for old in [*daily, target][:-KEEP_BACKUPS]:
            old.unlink(missing_ok=True)
        return target

    def restore(self, backup: Path) -> Changes:
        """Put a backup in place of the present state, which is itself copied to `backups/` first; other windows on
        the library go on with the restored state.

        Raises:
            LibraryError: the backup is damaged or newer than this program; the present state stays.
        """
        with (
            self._told(),
            self._turn(),
            closing(sqlite3.connect(backup.absolute().as_uri() + "?mode=ro", uri=True)) as source,
        ):
            if source.execute("pragma integrity_check").fetchone() != ("ok",):
                raise LibraryError(f"The backup {backup.name} is damaged.", "Choose another one.")
            with _engine(backup).connect() as connection:
                check_known(present_revision(connection) or "none")
            self._copy_to(self.backups_dir / f"before-restore-{_stamp()}.sqlite")
            with closing(sqlite3.connect(self.database, timeout=BUSY_S)) as live:
                _copy(source, live)
        self._engine.dispose()
        self._bring_up_to_date()
        return Changes(last_seq(self), "restore", everything=True, text=f"restored {backup.name}")

    def _copy_to(self, target: Path) -> None:
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self.database, timeout=BUSY_S)) as source,
            closing(sqlite3.connect(partial)) as copy,
        ):
            _copy(source, copy)
            copy.execute("pragma journal_mode=delete")  # one file, nothing beside it
        os.replace(partial, target)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """SQLite's backup, as one transaction on the target; Python would wait for a lock for ever, this gives up."""
    deadline = time.monotonic() + BUSY_S
    left = [-1]

    def watch(_status: int, remaining: int, _total: int) -> None:
        nonlocal deadline
        if remaining != left[0]:
            left[0], deadline = remaining, time.monotonic() + BUSY_S
        elif time.monotonic() > deadline:
            raise LibraryError("Another program keeps the library locked.", "Close it and try again.")

    source.backup(target, pages=4096, progress=watch, sleep=0.05)


def _engine(database: Path) -> Engine:
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": BUSY_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: sqlite3 would begin too late and too weakly
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(str(connection.get_execution_options().get("fiqa_begin", "BEGIN")))

    return engine


def _settings(directory: Path) -> dict[str, Any]:
    toml = directory / "library.toml"
    try:
        settings = tomllib.loads(toml.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LibraryError(f"There is no library in {directory}.", "Check the folder, or create one there.") from None
    except (OSError, ValueError) as error:
        raise LibraryError(f"Cannot read {toml}: {error}.") from error
    lacking = {"id", "database", "display_scale", "salt"} - settings.keys()
    if lacking:
        raise LibraryError(f"{toml} lacks {', '.join(sorted(lacking))}.", "Copy the file from a backup of the folder.")
    return settings


def _database_file(directory: Path, url: str) -> Path:
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        raise LibraryError(
            f"The library keeps its data at {url.split(':')[0]}, which this version cannot open.", "Update the program."
        )
    return directory / url[len(prefix) :]


def _publish(path: Path, text: str) -> None:
    """Write a file that must not exist yet; whole or not at all.

    Raises:
        FileExistsError: it exists by now.
    """
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
    try:
        with partial.open("x", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(partial, path)  # fails where the file exists, on every system
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if path.exists():
                raise FileExistsError(path) from None
            os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _has_stamp(connection: Connection) -> bool:
    return connection.dialect.has_table(connection, "alembic_version")


def _stamp() -> str:
    return datetime.now(UTC).strftime(_STAMP)


def _stamped(backup: Path) -> datetime:
    return datetime.strptime(backup.stem.rsplit("-", 1)[-1], _STAMP).replace(tzinfo=UTC)
