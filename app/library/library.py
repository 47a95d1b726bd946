"""A library on disk: create, open, read, write, back up.

    library.toml  library.sqlite  models/  runs/  snapshots/  backups/

Every connection: WAL, foreign keys on, `synchronous=FULL`. A write is `BEGIN IMMEDIATE` with a busy timeout, one at a
time in this process (a lock, so that nobody sleeps in SQLite's busy loop) and across processes (SQLite's lock).
"""

from __future__ import annotations

import os
import secrets
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import platformdirs
from sqlalchemy.orm import Session

from app.library import backup_names, settings_file, sqlite
from app.library.changes import Changes, last_seq
from app.library.errors import LabelValueError, LibraryError
from app.library.migrations import REVISION
from app.library.migrations.upgrade import TABLES, bring_up_to_date, check_known, is_recorded, present_revision

__all__ = ["LabelValueError", "Library", "LibraryError", "default_directory"]

KEEP_BACKUPS: Final = 7
_BACKUP_EVERY: Final = timedelta(hours=20)
"""Who begins a little earlier today than yesterday gets today's copy too."""
_TORN_AFTER_S: Final = 3600.0


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
        self.display_scale: tuple[float, float] = settings["display_scale"]
        self.models_dir = directory / "models"
        self.runs_dir = directory / "runs"
        self.snapshots_dir = directory / "snapshots"
        self.backups_dir = directory / "backups"
        self.database = sqlite.database_file(directory, str(settings["database"]))
        self._engine = sqlite.make_engine(self.database)
        self._writer = sqlite.writing(self._engine)
        self._lock = threading.Lock()
        self._lock_owner = 0
        self._file: tuple[int, int] | None = None

    # -- open ----------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, directory: Path) -> Library:
        """Make a new library.

        Raises:
            LibraryError: there is one already, or the place cannot be written.
        """
        directory = Path(directory).absolute()
        if (directory / settings_file.NAME).exists():
            raise LibraryError(f"There is a library in {directory} already.", "Open it instead.")
        return cls.open_or_create(directory)

    @classmethod
    def open(cls, directory: Path) -> Library:
        """Open a library; an older one is copied to `backups/` and brought up to date.

        Raises:
            LibraryError: there is none, it is damaged, newer than this program, or cannot be written.
        """
        directory = Path(directory).absolute()
        library = cls(directory, settings_file.read(directory))
        try:
            library._refuse_if_lost()
            library._bring_up_to_date()
            for folder in (library.models_dir, library.runs_dir, library.snapshots_dir, library.backups_dir):
                folder.mkdir(exist_ok=True)
            library._file = _identity(library.database.stat())
        except BaseException as error:
            library.close()
            if isinstance(error, OSError):
                raise LibraryError(f"Cannot write to the library in {directory}: {error.strerror or error}.") from error
            raise
        return library

    @classmethod
    def open_or_create(cls, directory: Path) -> Library:
        """Open the library of a directory, make it if there is none.

        Raises:
            LibraryError: see `create` and `open`.
        """
        directory = Path(directory).absolute()
        if not (directory / settings_file.NAME).exists():
            _lay_down(directory)
        return cls.open(directory)

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
        with sqlite.told(self.database), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are on the disk when the block ends, or not at all when it raises. Not to be nested.

        Raises:
            LibraryError: drive read-only, full or gone, file damaged, or another program keeps the lock.
        """
        with (
            sqlite.told(self.database),
            self._turn(),
            self._there(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._lock_owner == threading.get_ident():
            raise RuntimeError("Library.write() inside Library.write()")
        if not self._lock.acquire(timeout=sqlite.BUSY_S):
            raise LibraryError("The library is busy with another change.", "Try again in a moment.")
        self._lock_owner = threading.get_ident()
        try:
            yield
        finally:
            self._lock_owner = 0
            self._lock.release()

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Refuse to write into a file that was moved or deleted: the system would let us, and the label were lost."""
        try:
            status = self.database.stat()
        except OSError:
            status = None
        if status is None or (self._file or _identity(status)) != _identity(status):
            raise LibraryError("The library's database file was moved or deleted.", f"Put it back. ({self.database})")
        self._file = _identity(status)
        yield

    # -- versions ------------------------------------------------------------------------------------------------

    def _refuse_if_lost(self) -> None:
        """An empty database in place of a lost one would look as if all labels were gone."""
        if self.models_dir.exists() and not self.database.exists():  # the folders are made after the database
            raise LibraryError(
                f"The library in {self.directory} has lost its database file {self.database.name}.",
                "Put it back, or copy the newest file of 'backups' to its place.",
            )

    def _bring_up_to_date(self) -> None:
        with sqlite.told(self.database):
            with self._engine.connect() as connection:
                revision, recorded = present_revision(connection), is_recorded(connection)
            if revision == REVISION and recorded:
                return
            if revision is not None:
                check_known(revision)
                self.backups_dir.mkdir(exist_ok=True)
                sqlite.copy_file(self.database, self.backups_dir / backup_names.present(f"before-{REVISION}"))
            with self._turn(), self._writer.begin() as connection:
                bring_up_to_date(connection)  # looks again: another window may have been faster

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
        self._clear_torn_copies()
        copies = sorted(self.backups_dir.glob(f"{backup_names.DAILY}-*.sqlite"))
        made = {file: at for file in copies if (at := backup_names.made_at(file)) is not None}  # not a person's own
        # A clock that was ahead once has left copies from the future; they say nothing of the last day.
        if any(at <= moment < at + _BACKUP_EVERY for at in made.values()):
            return None
        target = self.backups_dir / backup_names.daily(moment)
        with sqlite.told(self.database):
            sqlite.copy_file(self.database, target)
        for old in [*made, target][:-KEEP_BACKUPS]:
            old.unlink(missing_ok=True)
        return target

    def _clear_torn_copies(self) -> None:
        """What was left of copies whose program ended before they were whole."""
        for torn in self.backups_dir.glob("*.partial"):
            with suppress(OSError):
                if time.time() - torn.stat().st_mtime > _TORN_AFTER_S:
                    torn.unlink()

    def restore(self, backup: Path) -> Changes:
        """Put a backup in place of the present state, which is itself copied to `backups/` first.

        Other windows on the library go on with the restored state.

        Raises:
            LibraryError: the backup is damaged, of another program, or newer than this one; the present state stays.
        """
        sqlite.check_sound(backup)
        if not sqlite.tables(backup) >= TABLES:
            raise LibraryError(f"{backup.name} is no backup of a library.", "Choose another one.")
        with sqlite.told(self.database), self._turn():
            if (recorded := sqlite.recorded_revision(backup)) is not None:
                check_known(recorded)
            sqlite.copy_file(self.database, self.backups_dir / backup_names.present(backup_names.BEFORE_RESTORE))
            sqlite.copy_into(backup, self.database)
        self._engine.dispose()
        self._bring_up_to_date()
        return Changes(last_seq(self), "restore", models=True, everything=True, text=f"restored {backup.name}")


def _lay_down(directory: Path) -> None:
    """Write the settings of a new library, unless another window is faster: its library is the one to open."""
    settings = {
        "format": 1,
        "id": uuid.uuid4().hex,
        "database": "sqlite:///library.sqlite",
        "display_scale": [0.0, 1.0],
        "salt": secrets.token_hex(8),
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            settings_file.create(directory, settings)
    except OSError as error:
        raise LibraryError(f"Cannot make a library in {directory}: {error.strerror or error}.") from error


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
