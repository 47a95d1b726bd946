"""EXIF facts of the image that is looked at, read beside the window; the latest asked for wins."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.services import worker
from engine.exif import Exif, read_exif


class ExifReader(QObject):
    """Reads one file at a time; what was asked for meanwhile is read next, and only the last of it.

    Signals:
        ready(int, Exif): image id and its facts. Only for the image asked for last.
    """

    ready = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[int, Path] | None = None
        self._reading: tuple[int, Path] | None = None

    def ask(self, image_id: int, path: Path) -> None:
        """Read the facts of this image; -1 asks for none."""
        self._wanted = (image_id, path) if image_id >= 0 else None
        self._next()

    def _next(self) -> None:
        if self._reading is not None or self._wanted is None:
            return
        self._reading = self._wanted
        job = worker.start(read_exif, self._reading[1])
        job.returned.connect(self._deliver)
        job.finished.connect(self._finished)

    def _deliver(self, exif: Exif) -> None:
        if self._reading is not None and self._reading == self._wanted:
            self._wanted = None
            self.ready.emit(self._reading[0], exif)

    def _finished(self) -> None:
        self._reading = None
        self._next()
