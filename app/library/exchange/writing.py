"""Files that are whole or not there: written beside, then put in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.library.errors import LibraryError
from engine import atomic


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A path to write to; it takes the place of `file` when the block ends without an error.

    Raises:
        LibraryError: the file cannot be written; one that was there stays.
    """
    try:
        with atomic.replacing(file) as partial:
            yield partial
    except OSError as error:
        raise LibraryError(f"Cannot write {file}: {error.strerror or error}.", "Choose another place.") from error
