"""What is asked for the current image alone, beside the columns: its camera facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.exif import ExifReader
from engine.exif import Exif

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Details(QObject):
    """Follows one window's current image."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._model = window, window.model
        self._exif = ExifReader(self)
        self._exif.ready.connect(self._show_exif)
        self._model.current_changed.connect(self._current_changed)

    def _current_changed(self, image_id: int) -> None:
        self._window.rating.image.show_exif(Exif())
        row = self._model.row(image_id)
        self._exif.ask(image_id if row >= 0 else -1, Path(str(self._model.columns.path[row])) if row >= 0 else Path())

    def _show_exif(self, image_id: int, exif: Exif) -> None:
        if image_id == self._model.current:
            self._window.rating.image.show_exif(exif)
