"""The thumbnails on disk: one SQLite file of JPEGs keyed by the image's sha256, outside every library.

It is a cache: it may be deleted at any time, a damaged one is replaced, and the least recently used go when it is full.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any, Final, TypeVar

import platformdirs

from app.services.images import cache_file
from engine.errors import UserError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS thumbnail (sha256 TEXT PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL,
                                      jpeg BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS thumbnail_by_use ON thumbnail (used, size);
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
                                 sha256 TEXT NOT NULL);
"""
_PAGE_BYTES: Final = 16_384
"""A thumbnail is about 10 kB."""
_BATCH: Final = 64
_BATCH_AGE_S: Final = 2.0
_USE_GRAIN_S: Final = 3600  # reading must not turn into writing: use is noted once an hour
_EVICT_TO: Final = 0.9
_FILES_CAP: Final = 500_000
_T = TypeVar("_T")


SIDES: Final = (256, 512, 768)
"""Long sides of thumbnails in pixels of the screen; each is kept in a file of its own."""
_UNUSED_S: Final = 30 * 24 * 3600
_LEAST_SHARE: Final = 4


class CacheError(UserError):
    """The cache file cannot be made or written."""


def default_file(side: int) -> Path:
    """Where the thumbnails of one size are kept on this machine."""
    return Path(platformdirs.user_cache_dir("fiqa-desktop", appauthor=False)) / f"thumbnails-{side}.sqlite"


def siblings(file: Path) -> list[Path]:
    """The files of the other sizes beside this one."""
    return sorted(f for f in file.parent.glob("thumbnails-*.sqlite") if f != file)


def share(file: Path, bound_bytes: int) -> int:
    """What the file of one size may hold, so that all sizes together stay near the bound.

    The others count with what they hold, and one that nobody has needed for a month goes. A quarter is always left.
    """
    held = 0
    for other in siblings(file):
        if time.time() - _last_use(other) > _UNUSED_S:
            cache_file.remove(other)
        else:
            held += other.stat().st_size
    return max(bound_bytes // _LEAST_SHARE, bound_bytes - held)


def _last_use(file: Path) -> float:
    return max(f.stat().st_mtime for f in cache_file.parts(file) if f.exists())


class ThumbnailStore:
    """Thread-safe. Writes are gathered and committed in batches; what is lost by a crash is decoded again."""

    def __init__(self, file: Path, *, cap_bytes: int = 1 << 30) -> None:
        """Open or make the file.

        Raises:
            CacheError: the place cannot be written.
        """
        self.file = file
        self._cap = cap_bytes
        self._lock = threading.RLock()
        self._new: dict[str, bytes] = {}
        self._new_files: dict[str, tuple[int, int, str]] = {}
        self._touched: dict[str, int] = {}
        self._oldest = 0.0
        self._db = _open(file)
        self._bytes = _sum(self._db)

    @property
    def total_bytes(self) -> int:
        """Bytes of all JPEGs, those not yet committed included."""
        with self._lock:
            return self._bytes + sum(map(len, self._new.values()))

    def get(self, sha256: str) -> bytes | None:
        """The JPEG, or None."""
        with self._lock:
            if sha256 in self._new:
                return self._new[sha256]
            found = self._one("SELECT jpeg, used FROM thumbnail WHERE sha256 = ?", sha256)
            if found is None:
                return None
            if (hour := _hour()) > found[1]:
                self._note(self._touched, sha256, hour)
            return bytes(found[0])

    def put(self, sha256: str, jpeg: bytes) -> None:
        """Keep a JPEG."""
        self._note(self._new, sha256, jpeg)

    def sha256_of(self, path: Path, size: int, mtime_ns: int) -> str | None:
        """The content that a file had when it was last decoded, if it has the same size and time still."""
        with self._lock:
            known = self._new_files.get(str(path)) or self._one(
                "SELECT size, mtime_ns, sha256 FROM file WHERE path = ?", str(path)
            )
        return known[2] if known is not None and (known[0], known[1]) == (size, mtime_ns) else None

    def remember(self, path: Path, size: int, mtime_ns: int, sha256: str) -> None:
        """Note what a file holds, for images whose sha256 the library does not know yet."""
        self._note(self._new_files, str(path), (size, mtime_ns, sha256))

    def tidy(self) -> None:
        """Commit what is old enough; call it when idle."""
        with self._lock:
            if self._gathered() and time.monotonic() - self._oldest > _BATCH_AGE_S:
                self.commit()

    def commit(self) -> None:
        """Write what was gathered, and evict if the file is full. A full disk costs thumbnails, nothing else."""
        with self._lock:
            new, files, touched = self._new, self._new_files, self._touched
            self._new, self._new_files, self._touched = {}, {}, {}
            hour = _hour()
            try:
                with self._db:
                    self._db.executemany(
                        "INSERT OR REPLACE INTO thumbnail VALUES (?, ?, ?, ?)",
                        [(sha256, hour, len(jpeg), jpeg) for sha256, jpeg in new.items()],
                    )
                    self._db.executemany(
                        "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", [(p, *rest) for p, rest in files.items()]
                    )
                    self._db.executemany(
                        "UPDATE thumbnail SET used = ? WHERE sha256 = ?", [(h, key) for key, h in touched.items()]
                    )
                    self._bytes += sum(map(len, new.values()))
                    self._evict()
            except sqlite3.Error:
                return

    def forget(self, sha256s: list[str]) -> None:
        """Remove contents for good, from the file and its log too.

        Raises:
            CacheError: the file cannot be written.
        """
        self.commit()
        try:
            with self._lock:
                cache_file.forget(self._db, ("thumbnail", "file"), sha256s)
                self._bytes = _sum(self._db)
        except sqlite3.Error as error:
            raise CacheError(
                f"The thumbnail cache still holds what was to be forgotten: {error}.", f"Delete {self.file}."
            ) from error

    def clear(self) -> None:
        """Remove everything and give the space back."""
        with self._lock:
            self._new, self._new_files, self._touched = {}, {}, {}
            with self._db:
                self._db.execute("DELETE FROM thumbnail")
                self._db.execute("DELETE FROM file")
            self._db.execute("VACUUM")
            self._bytes = 0

    def close(self) -> None:
        """Commit and close."""
        with self._lock:
            self.commit()
            self._db.close()

    def _one(self, query: str, key: str) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] | None = self._db.execute(query, (key,)).fetchone()
        except sqlite3.Error:
            return None  # a cache that cannot be read is an empty one
        return found

    def _note(self, gathered: dict[str, _T], key: str, value: _T) -> None:
        with self._lock:
            if not self._gathered():
                self._oldest = time.monotonic()
            gathered[key] = value
            if self._gathered() >= _BATCH:
                self.commit()

    def _gathered(self) -> int:
        return len(self._new) + len(self._new_files) + len(self._touched)

    def _evict(self) -> None:
        self._db.execute("DELETE FROM file WHERE rowid <= (SELECT MAX(rowid) FROM file) - ?", (_FILES_CAP,))
        if self._bytes <= self._cap:
            return
        self._bytes = _sum(self._db)  # exact: the running count knows nothing of other windows
        excess = self._bytes - int(self._cap * _EVICT_TO)
        gone: list[tuple[str]] = []
        for sha256, size in self._db.execute("SELECT sha256, size FROM thumbnail ORDER BY used, rowid"):
            gone.append((sha256,))
            excess -= size
            if excess <= 0:
                break
        self._db.executemany("DELETE FROM thumbnail WHERE sha256 = ?", gone)
        self._bytes = _sum(self._db)


def _sum(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT COALESCE(SUM(size), 0) FROM thumbnail").fetchone()[0])


def _hour() -> int:
    return int(time.time()) // _USE_GRAIN_S


def _open(file: Path) -> sqlite3.Connection:
    try:
        return cache_file.connect(file, _SCHEMA, page_size=_PAGE_BYTES)
    except (OSError, sqlite3.Error) as error:
        raise CacheError(
            f"The thumbnail cache {file} cannot be used: {error}.", "Thumbnails are kept in memory only until it can."
        ) from error
