"""What is asked for the current image alone, beside the columns: camera facts, note, ratings, history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.library.history import Said
from app.services.exif import ExifReader
from engine.exif import Exif

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Details(QObject):
    """Follows one window's current image, one read at a time. Answers for one that is no longer current are dropped."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self._opinions, self._panel = window.rating.opinions, window.history
        self._exif = ExifReader(self)
        self._exif.ready.connect(self._show_exif)
        self._asking = self._again = False
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
        if self._hides:
            self._panel.show_blind()
            self._opinions.show_ratings([])
        self._again = self._asking
        if not self._asking:
            self._asking = True
            answer = lambda found: self._answered(image_id, found)  # noqa: E731 - one expression
            self._desk.said(image_id, answer, self._refused, note_only=self._hides)

    @property
    def _hides(self) -> bool:
        """Blind mode, or a list whose labels are hidden for a second look."""
        return self._desk.blind or self._model.blind

    def _show_exif(self, image_id: int, exif: Exif) -> None:
        if image_id == self._model.current:
            self._window.rating.image.show_exif(exif)

    def _answered(self, image_id: int, found: Said) -> None:
        self._asking = False
        if not isValid(self._panel):  # the window is gone
            return
        if self._again:
            self.refresh()
        elif image_id == self._model.current:
            self._opinions.show_note(found.note)
            if not self._hides:
                self._opinions.show_ratings(found.ratings)
                self._panel.show_history(str(self._model.columns.name[self._model.row(image_id)]), found.history)

    def _refused(self, text: str) -> None:
        self._asking = False
        self._desk.failed.emit(text)
