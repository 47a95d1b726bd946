"""What is asked for the current image alone, beside the columns: camera facts, note, ratings, history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from app.library.history import Said
from app.services.images.exif import ExifReader
from engine.exif import Exif

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_REST_MS: Final = 120
"""A curator who goes on sooner has not looked at it; reading it would take the processor from the next label."""


class Details(QObject):
    """Follows one window's current image, one read at a time, where somebody rests on it.

    Answers for one that is no longer current are dropped.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self._opinions, self._panel = window.rating.opinions, window.history
        self._exif = ExifReader(self)
        self._exif.ready.connect(self._show_exif)
        self._asking = self._again = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look)
        self._model.current_changed.connect(self._current_changed)
        self._model.rows_changed.connect(self._rows_changed)
        self._model.reordered.connect(self.refresh)  # a list for a second look hides earlier labels

    def stop(self) -> None:
        """The window closes: nothing more is asked."""
        self._rest.stop()

    def _current_changed(self, image_id: int) -> None:
        self._window.rating.image.show_exif(Exif())
        self._opinions.show_note("")
        self._opinions.show_ratings([])
        self._exif.ask(-1, Path())
        if self._shows_some():
            self._rest.start()
        else:
            self._rest.stop()

    def _look(self) -> None:
        row = self._model.row(self._model.current)
        if row >= 0:
            self._exif.ask(self._model.current, Path(str(self._model.columns.path[row])))
            self.refresh()

    def _rows_changed(self, ids: set[int]) -> None:
        if self._model.current in ids:
            self.refresh()

    def refresh(self) -> None:
        """Read anew what people said of the current image; blind, only the note."""
        if not self._shows_some():
            return
        image_id = self._model.current
        self._again = self._asking
        if not self._asking:
            self._asking = True
            answer = lambda found: self._answered(image_id, found)  # noqa: E731 - one expression
            self._desk.said(image_id, answer, self._refused, note_only=self._hides)

    def _shows_some(self) -> bool:
        """Whether there is a current image; what must not be seen goes at once."""
        if self._model.row(self._model.current) < 0:
            self._panel.show_none()
            return False
        if self._hides:
            self._panel.show_blind()
            self._opinions.show_ratings([])
        return True

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
