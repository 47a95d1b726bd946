"""When the gallery shows no face: says why, at once, and leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout

import resources
from app.services.images.scanning import ScanSummary
from app.ui.gallery.empty import EmptyState, Reason

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Emptiness(QObject):
    """One window's empty gallery."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._model, self._scanner = window.model, window.desk.scanner
        self._has_folder = self._has_read = self._comes = False
        self.state = EmptyState()
        around = QVBoxLayout(window.central.gallery.viewport())
        around.addWidget(self.state, 0, Qt.AlignmentFlag.AlignCenter)
        self.state.open_requested.connect(window.files.choose_folder)
        self.state.samples_requested.connect(lambda: window.open_folder(resources.samples()))
        self.state.clear_requested.connect(window.browsing.clear)
        self.state.clear_requested.connect(window.central.focus_images)
        window.desk.folders_ready.connect(self._folders_read)
        window.desk.columns_ready.connect(self._rows_read)
        self._scanner.done.connect(self._scanned)
        for source in (self._model.reordered, self._model.extended, self._scanner.found, self._scanner.failed):
            source.connect(lambda *_: self.refresh())
        self.refresh()

    def _folders_read(self, folders: list[tuple[int, str]]) -> None:
        self._has_folder = bool(folders)
        self.refresh()

    def _rows_read(self, _columns: object) -> None:
        self._has_read, self._comes = True, False
        self.refresh()

    def _scanned(self, summary: ScanSummary) -> None:
        self._comes = (
            summary.found > 0 and not summary.quiet
        )  # they are on record; until they are read here, nothing may say that none are
        self.refresh()

    def refresh(self) -> None:
        """Follow what is on show; before the library is read nobody knows."""
        empty = self._has_read and not len(self._model)
        if empty:
            self.state.show_reason(self._reason())
        self.state.setVisible(empty)

    def _reason(self) -> Reason:
        query = self._model.query
        narrowed = bool(query.filter) or query.low is not None or query.high is not None or bool(query.inside)
        if len(self._model.columns) and (narrowed or query.folder is None):
            return "filtered"
        if self._scanner.is_scanning() or self._comes:
            return "looking"
        return "bare" if self._has_folder else "new"
