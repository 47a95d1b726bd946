"""What is asked for the current image alone, beside the columns: camera facts, note, ratings, history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.library.history import Entry, RaterValue
from app.services.exif import ExifReader
from engine.exif import Exif

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Details(QObject):
    """Follows one window's current image. Answers for an image that is no longer current are dropped."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self._opinions, self._panel = window.rating.opinions, window.history
        self._exif = ExifReader(self)
        self._exif.ready.connect(self._show_exif)
        self._model.current_changed.connect(self._current_changed)
        self._model.rows_changed.connect(self._rows_changed)
        self._model.reordered.connect(self.refresh)  # a list for a second look hides earlier labels

    def _current_changed(self, image_id: int) -> None:
        self._window.rating.image.show_exif(Exif())
        row = self._model.row(image_id)
        self._exif.ask(image_id if row >= 0 else -1, Path(str(self._model.columns.path[row])) if row >= 0 else Path())
        self._opinions.show_note("")
        self._opinions.show_ratings([])
        self.refresh()

    def _rows_changed(self, ids: set[int]) -> None:
        if self._model.current in ids:
            self.refresh()

    def refresh(self) -> None:
        """Read anew what people said of the current image; blind, only the note."""
        image_id = self._model.current
        if self._model.row(image_id) < 0:
            self._panel.show_none()
            return
        self._desk.note(image_id, lambda text: self._show_note(image_id, text))
        if self._hides:
            self._panel.show_blind()
            self._opinions.show_ratings([])
            return
        self._desk.ratings(image_id, lambda found: self._show_ratings(image_id, found))
        self._desk.history(image_id, lambda found: self._show_history(image_id, found))

    @property
    def _hides(self) -> bool:
        """Blind mode, or a list whose labels are hidden for a second look."""
        return self._desk.blind or self._model.blind

    def _asks_for(self, image_id: int) -> bool:
        """Whether an answer is still wanted: the window may be gone, or show another image."""
        return isValid(self._panel) and image_id == self._model.current

    def _show_exif(self, image_id: int, exif: Exif) -> None:
        if image_id == self._model.current:
            self._window.rating.image.show_exif(exif)

    def _show_note(self, image_id: int, text: str) -> None:
        if self._asks_for(image_id):
            self._opinions.show_note(text)

    def _show_ratings(self, image_id: int, found: list[RaterValue]) -> None:
        if self._asks_for(image_id) and not self._hides:
            self._opinions.show_ratings(found)

    def _show_history(self, image_id: int, found: list[Entry]) -> None:
        if self._asks_for(image_id) and not self._hides:
            self._panel.show_history(str(self._model.columns.name[self._model.row(image_id)]), found)
