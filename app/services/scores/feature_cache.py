"""Features of images on disk: one SQLite file outside every library, so that another head costs no image a second look.

It is a cache: it may be deleted at any time, a damaged one is replaced, and when it is full the oldest go.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import platformdirs

from app.services.images import cache_file
from engine.errors import UserError
from engine.features import Key, Table

Floats = npt.NDArray[np.float32]
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS feature (sha256 TEXT NOT NULL, backbone TEXT NOT NULL, preprocessing TEXT NOT NULL,
                                    value BLOB NOT NULL, PRIMARY KEY (backbone, preprocessing, sha256));
"""
_FIND: Final = "SELECT sha256, value FROM feature WHERE backbone = ? AND preprocessing = ?"
_PART: Final = 500
_EVICT_TO: Final = 0.9


class FeatureCacheError(UserError):
    """The cache file cannot be made."""


def default_file() -> Path:
    """Where the features are kept on this machine."""
    return Path(platformdirs.user_cache_dir("fiqa-desktop", appauthor=False)) / "features.sqlite"


class FeatureCache:
    """Thread-safe. A cache that cannot be read or written is an empty one: then images are looked at again."""

    def __init__(self, file: Path, *, cap_bytes: int = 1 << 30) -> None:
        """Open or make the file.

        Raises:
            FeatureCacheError: the place cannot be written.
        """
        self.file, self._cap = file, cap_bytes
        self._lock = threading.Lock()
        self._db = _open(file)

    def __len__(self) -> int:
        with self._lock:
            return int(self._db.execute("SELECT COUNT(*) FROM feature").fetchone()[0])

    def put(self, key: Key, found: Mapping[str, Floats]) -> None:
        """Keep features by sha256. A full disk costs time later, nothing else."""
        rows = [(s, key.backbone_id, key.preprocessing_id, _blob(value)) for s, value in found.items()]
        with self._lock, contextlib.suppress(sqlite3.Error), self._db:
            self._db.executemany("INSERT OR IGNORE INTO feature VALUES (?, ?, ?, ?)", rows)
            self._evict()

    def get(self, key: Key, sha256s: Iterable[str]) -> Table:
        """What is known of these contents."""
        table = Table(key)
        for part in _parts(list(dict.fromkeys(s for s in sha256s if s))):
            query = _FIND + f" AND sha256 IN ({','.join('?' * len(part))})"
            with self._lock, contextlib.suppress(sqlite3.Error):
                for sha256, value in self._db.execute(query, (key.backbone_id, key.preprocessing_id, *part)):
                    table.put(sha256, np.frombuffer(value, dtype=np.float32))
        return table

    def forget(self, sha256s: Iterable[str]) -> None:
        """Remove contents for good, of every backbone; SQLite overwrites them, and the log that still held them goes.

        Raises:
            FeatureCacheError: the file cannot be written.
        """
        try:
            with self._lock:
                cache_file.forget(self._db, ("feature",), list(sha256s))
        except sqlite3.Error as error:
            raise FeatureCacheError(
                f"The feature cache still holds what was to be forgotten: {error}.", f"Delete {self.file}."
            ) from error

    def clear(self) -> None:
        """Remove everything and give the space back."""
        with self._lock:
            with self._db:
                self._db.execute("DELETE FROM feature")
            self._db.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _evict(self) -> None:
        pages, size = (int(self._db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        free = int(self._db.execute("PRAGMA freelist_count").fetchone()[0])
        used = (pages - free) * size
        if used > self._cap:
            share = 1.0 - self._cap * _EVICT_TO / used
            count = int(self._db.execute("SELECT COUNT(*) FROM feature").fetchone()[0])
            oldest = "SELECT rowid FROM feature ORDER BY rowid LIMIT ?"
            self._db.execute(f"DELETE FROM feature WHERE rowid IN ({oldest})", (int(count * share) + 1,))


def _blob(value: Floats) -> bytes:
    return np.ascontiguousarray(value, dtype="<f4").tobytes()


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + _PART] for at in range(0, len(values), _PART))


def _open(file: Path) -> sqlite3.Connection:
    try:
        return cache_file.connect(file, _SCHEMA)
    except (OSError, sqlite3.Error) as error:
        raise FeatureCacheError(f"The feature cache {file} cannot be used: {error}.", "Check the drive.") from error
