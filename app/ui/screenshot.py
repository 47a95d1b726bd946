"""`--screenshot`: wait until everything is found, scored and pictured, save the window, leave."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from app.services.images.scanning import ScanSummary
from app.ui.main_window import MainWindow


class Photographer(QObject):
    """Takes one picture when all is there; every condition is asked again whenever something arrives."""

    def __init__(self, window: MainWindow, file: Path, leave: Callable[[int], object], *, folder_comes: bool) -> None:
        """`folder_comes`: a folder will be scanned first."""
        super().__init__(window)
        self._window, self._file, self._leave = window, file, leave
        self._scanned = not folder_comes
        self._sorted = self._taking = False
        desk = window.desk
        desk.scanner.done.connect(self._scan_done)
        for signal in (desk.columns_ready, desk.rows_ready, desk.thumbnails.ready, desk.thumbnails.failed):
            signal.connect(lambda *_: self._look())
        desk.scoring.finished.connect(self._look)
        desk.scanner.failed.connect(self._fail)
        desk.scoring.failed.connect(self._fail)
        desk.failed.connect(self._fail)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._take)

    def _scan_done(self, summary: ScanSummary) -> None:
        if summary.quiet:
            return
        self._scanned = True
        if not summary.found:
            self._fail("There are no images in that folder.")
            return
        self._look()

    def _look(self) -> None:
        if not (self._scanned and self._window.presenter.all_scored()):
            return
        if not self._sorted:
            self._sorted = True
            self._window.model.resort()
        if self._window.all_pictured():
            self._settle.start()

    def _take(self) -> None:
        """The picture, once the views are counted; one, however often something still arrives."""
        if self._taking:
            return
        self._taking = True
        self._window.presenter.settle()
        counter = self._window.browsing.counter
        if counter.is_busy():
            counter.idle.connect(self._save, Qt.ConnectionType.SingleShotConnection)
        else:
            self._save()

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(self._file)):
            self._fail(f"Cannot write {self._file}.")
            return
        columns = self._window.model.columns
        print(f"{len(columns.id)} images, all scored; saved {self._file}")
        self._finish(0)

    def _fail(self, text: str) -> None:
        print(f"Error: {text}", file=sys.stderr)
        self._finish(2)

    def _finish(self, status: int) -> None:
        self._window.close()
        self._leave(status)
