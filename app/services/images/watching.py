"""Watches the folders of a library for files that come, go or change, by what the system tells.

Reading a file is no change: only creating, deleting, moving and writing count, so that a scan, a thumbnail or an
access time never leads to another scan. Network shares tell nothing reliable and are not watched; it says so.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.library.backups import network_share
from app.services import worker
from engine.image import IMAGE_SUFFIXES

_QUIET_MS: Final = 1000
"""A copy of many files is one change: the folder is looked at when it has been quiet for so long ..."""
_AT_LATEST_MS: Final = 5000
"""... or when the first change is so old."""
_CHANGES: Final = frozenset({"created", "deleted", "moved", "closed", "modified"})
_NO_SPACE: Final = 28  # ENOSPC: Linux has no watches left


class FolderWatcher(QObject):
    """Signals:

    changed(int): something changed in this folder; look at it again.
    said(str): a sentence on what is not watched, and what to do.
    """

    changed = Signal(int)
    said = Signal(str)
    _noticed = Signal(int)

    def __init__(self, parent: QObject | None = None, *, quiet_ms: int = _QUIET_MS) -> None:
        super().__init__(parent)
        self._closed = False
        self._quiet_ms = quiet_ms
        self._wanted: dict[int, Path] = {}
        self._observer: Any = None
        self._watches: dict[int, Any] = {}
        self._refused: set[int] = set()
        self._waiting: dict[int, tuple[QTimer, QTimer]] = {}
        self._placing: worker.Worker | None = None
        self._noticed.connect(self._note, Qt.ConnectionType.QueuedConnection)

    def watch(self, folders: Mapping[int, Path]) -> None:
        """Watch these folders of the library and no others."""
        self._wanted = dict(folders)
        self._refused &= self._wanted.keys()
        self._place()

    def is_watching(self, folder_id: int) -> bool:
        """Whether changes in this folder are noticed."""
        return folder_id in self._watches

    def close(self) -> None:
        """Stop watching. Does not wait."""
        self._closed = True
        self._wanted = {}
        if self._observer is not None:
            self._observer.stop()
            self._observer = None
        self._watches.clear()

    # -- placing watches: the system walks the whole tree, so not on the window's thread -----------

    def _place(self) -> None:
        if self._closed or self._placing is not None:
            return  # it looks again when it has ended
        gone = [i for i in self._watches if i not in self._wanted]
        new = {i: p for i, p in self._wanted.items() if i not in self._watches and i not in self._refused}
        if not gone and not new:
            return
        if self._observer is None:
            self._observer = _observer()
        self._placing = placing = worker.start(self._schedule, self._observer, gone, new)
        placing.returned.connect(self._placed)
        placing.finished.connect(self._place_again)

    def _schedule(self, observer: Any, gone: list[int], new: dict[int, Path]) -> dict[int, Any]:
        for folder_id in gone:
            observer.unschedule(self._watches[folder_id])
        placed: dict[int, Any] = dict.fromkeys(gone)
        for folder_id, path in new.items():
            if kind := network_share(path):
                placed[folder_id] = (
                    f"{path} lies on a network share ({kind}) and is not watched for changes. "
                    "Use Rescan to look at it again."
                )
                continue
            try:
                placed[folder_id] = observer.schedule(
                    _handler(self._noticed.emit, folder_id), str(path), recursive=True
                )
            except OSError as error:
                placed[folder_id] = _why(path, error)
        return placed

    def _placed(self, placed: dict[int, Any]) -> None:
        if self._closed:
            return
        for folder_id, watch in placed.items():
            if watch is None:
                self._watches.pop(folder_id, None)
            elif isinstance(watch, str):
                self._refused.add(folder_id)
                self.said.emit(watch)
            else:
                self._watches[folder_id] = watch

    def _place_again(self) -> None:
        self._placing = None
        self._place()

    # -- changes -----------------------------------------------------------------------------------

    def _note(self, folder_id: int) -> None:
        if folder_id not in self._wanted:
            return
        if folder_id not in self._waiting:
            quiet, latest = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
            for timer in (quiet, latest):
                timer.timeout.connect(lambda: self._tell(folder_id))
            latest.start(_AT_LATEST_MS)
            self._waiting[folder_id] = (quiet, latest)
        self._waiting[folder_id][0].start(self._quiet_ms)

    def _tell(self, folder_id: int) -> None:
        for timer in self._waiting.pop(folder_id, ()):
            timer.stop()
            timer.deleteLater()
        if folder_id in self._wanted:
            self.changed.emit(folder_id)


def _observer() -> Any:
    from watchdog.observers import Observer  # not at import: opening the window should not pay for it

    # It tells of events that come after it was stopped as of an error; errors that matter are raised.
    logging.getLogger("watchdog").setLevel(logging.CRITICAL)
    observer = Observer()
    observer.daemon = True
    observer.start()
    return observer


def _handler(tell: Any, folder_id: int) -> Any:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if is_change(
                event.event_type, event.is_directory, os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
            ):
                tell(folder_id)

    return Handler()


def is_change(kind: str, is_directory: bool, path: str, to: str = "") -> bool:
    """Whether what the system tells may change the list of images: no reading, no other files, no hidden ones."""
    if kind not in _CHANGES:
        return False
    names = [os.path.basename(name) for name in (path, to) if name]
    seen = [name for name in names if not name.startswith(".")]
    if is_directory:
        return bool(seen) and kind in ("deleted", "moved", "created")
    return any(os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES or name == "manifest.csv" for name in seen)


def _why(path: Path, error: OSError) -> str:
    if error.errno == _NO_SPACE:
        return (
            f"{path} has more folders than the system can watch, so changes in it are not noticed. "
            "Use Rescan, or raise the system's limit (fs.inotify.max_user_watches)."
        )
    return f"{path} cannot be watched for changes: {error.strerror or error}. Use Rescan to look at it again."
