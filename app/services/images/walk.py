"""Which image files a folder holds: names, sizes and times; no file is opened.

The same files as `engine.image.list_images`: by extension, recursively, hidden entries and linked folders left out (so
that a link cannot make a loop).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.library.catalog import ScanEntry
from engine.errors import UserError
from engine.image import IMAGE_SUFFIXES

_BREATH: Final = 1000


class FolderError(UserError):
    """A folder cannot be listed."""


@dataclass(frozen=True)
class Unreadable:
    """A folder inside that cannot be listed; `rel_path` with `/`."""

    rel_path: str
    reason: str


def walk(root: Path) -> Iterator[ScanEntry | Unreadable | None]:
    """Yield image files, sorted within each folder; None now and then, so that the caller can stop in a huge folder.

    Raises:
        FolderError: the root itself cannot be listed.
    """
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        files: list[os.DirEntry[str]] = []
        folders: list[str] = []
        try:
            with os.scandir(root / inside) as entries:
                for number, entry in enumerate(entries):
                    if number % _BREATH == 0:
                        yield None
                    _sort_in(entry, files, folders)
        except OSError as error:
            reason = error.strerror or str(error)
            if not inside:
                raise FolderError(
                    f"The folder {root} cannot be read: {reason}.", "Check that its drive is there."
                ) from error
            yield Unreadable(inside, reason)
        prefix = f"{inside}/" if inside else ""
        for entry in sorted(files, key=lambda e: e.name):
            yield _entry(entry, prefix + entry.name)
        waiting.extend(prefix + name for name in sorted(folders, reverse=True))


def _sort_in(entry: os.DirEntry[str], files: list[os.DirEntry[str]], folders: list[str]) -> None:
    if entry.name.startswith("."):
        return  # AppleDouble twins ("._a.jpg"), thumbnail caches
    if entry.is_dir(follow_symlinks=False):
        folders.append(entry.name)
    elif os.path.splitext(entry.name)[1].lower() in IMAGE_SUFFIXES and not entry.is_dir():
        files.append(entry)


def _entry(entry: os.DirEntry[str], rel_path: str) -> ScanEntry:
    try:
        status = entry.stat()
    except OSError:
        # A link that leads nowhere, or a file that has just gone: listed, so that reading it reports it.
        return ScanEntry(rel_path, 0, 0)
    return ScanEntry(rel_path, status.st_size, status.st_mtime_ns)
