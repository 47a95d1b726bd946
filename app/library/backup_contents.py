"""What a backup holds, so that a person can tell which one to restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.library import sqlite
from app.library.errors import LibraryError


@dataclass(frozen=True)
class BackupContents:
    """`labelled` counts images with a MOS; `acts` is what people did until then."""

    images: int
    labelled: int
    acts: int


def look_into(file: Path) -> BackupContents:
    """Count without changing the file; seconds for a large one, so for a worker thread.

    Raises:
        LibraryError: it is damaged, or no backup of a library.
    """
    try:
        with sqlite.told(file), closing(sqlite3.connect(file.absolute().as_uri() + "?mode=ro", uri=True)) as connection:
            images, labelled = connection.execute("select count(*), count(mos) from image").fetchone()
            (acts,) = connection.execute("select count(*) from act").fetchone()
    except sqlite3.Error as error:
        raise LibraryError(f"{file.name} is no backup of a library.", "Choose another one.") from error
    return BackupContents(int(images), int(labelled), int(acts))
