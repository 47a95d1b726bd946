"""Files that are whole or not there, whoever else writes the same one at the same moment."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

_TRIES: Final = 20
_RETRY_S: Final = 0.05
T = TypeVar("T")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file of the caller's own to write to; it takes the place of `path` when the block ends without an error.

    Two processes that write the same file at once do not meet: the later one stays.

    Raises:
        OSError: it cannot be put in place; what was there stays.
    """
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        yield partial
        patiently(lambda: os.replace(partial, path))
    finally:
        partial.unlink(missing_ok=True)


def patiently(act: Callable[[], T]) -> T:
    """On Windows a file that somebody reads at this moment cannot be replaced, and the other way round: try again."""
    for _ in range(_TRIES):
        try:
            return act()
        except PermissionError:
            time.sleep(_RETRY_S)
    return act()
