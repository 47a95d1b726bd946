"""Between the window of comparisons and the library: reading, making one, and the faces behind its points."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.services import comparison, worker
from app.services.worker import Worker
from engine.benchmark import kept
from engine.benchmark.kept import Comparison
from engine.errors import UserError

if TYPE_CHECKING:
    from app.ui.comparison.window import ComparisonWindow
    from app.ui.main_window import MainWindow


class Comparisons(QObject):
    """One window's comparisons. Blind, they are hidden: they tell scores and labels."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self._view: ComparisonWindow | None = None
        self._making: Worker | None = None
        window.actions_["comparison"].triggered.connect(lambda: self.show())
        self._desk.blind_changed.connect(self._blind_changed)

    @property
    def view(self) -> ComparisonWindow:
        """Made when first needed: pyqtgraph takes half a second of the window's start."""
        if self._view is None:
            from app.ui.comparison.window import ComparisonWindow

            self._view = ComparisonWindow(self._find, self._window)
            self._view.open_requested.connect(self._choose)
            self._view.start_requested.connect(self.start)
            self._view.stop_requested.connect(self.stop)
            self._view.page.image_chosen.connect(self._window.show_image)
        return self._view

    def show(self) -> ComparisonWindow:
        """Bring the window of comparisons to the front."""
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()
        return self.view

    def _blind_changed(self, on: bool) -> None:
        self._window.actions_["comparison"].setDisabled(on)
        if on and self._view is not None:
            self._view.hide()

    def _find(self, path: Path) -> int:
        """The image of the library that is this file, -1 where it has none."""
        columns = self._model.columns
        rows = np.flatnonzero((columns.path == str(path)) & ~columns.missing)
        return int(columns.id[rows[0]]) if rows.size else -1

    # -- one that was made -------------------------------------------------------------------------

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.view, self.tr("Open a comparison"))
        if folder:
            self.open(Path(folder))

    def open(self, folder: Path) -> None:
        """Read a comparison and show it; a folder that holds none is told, and nothing changes."""
        job = worker.start(kept.read, folder)
        job.returned.connect(self._show)
        job.errored.connect(self._told)

    def _show(self, found: Comparison) -> None:
        self.view.show_comparison(found)
        if not self._desk.blind:
            self.show()

    # -- one that is made now ----------------------------------------------------------------------

    def start(self) -> None:
        """Compare the quick systems on the labels as they are now."""
        if self._making is not None:
            return
        self.view.show_running(None, on=True)
        self._making = job = worker.start(comparison.compare_labels, self._desk.library)
        job.yielded.connect(lambda begun: self.view.show_running(begun, on=True))
        job.returned.connect(self._show)
        job.errored.connect(self._told)
        job.finished.connect(self._ended)

    def stop(self) -> None:
        """End it; what is done is kept."""
        if self._making is not None:
            self._making.quit()

    def _ended(self) -> None:
        self._making = None
        self.view.show_running(None)

    def _told(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self.view.show_fault(str(error))
        if not self._desk.blind:
            self.show()
