"""Extra scores in the window: chosen in the models panel, shown beside the score of the model in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.library.models import ModelRow
from app.ui import words
from app.ui.gallery.extra import ShownExtra

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class ExtraScores(QObject):
    """One window's extra score: where it is chosen, and what follows it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        window.models.extra_requested.connect(self._add)
        window.models.show_extra_requested.connect(self._desk.show_extra)
        self._desk.extra_changed.connect(self._show)
        self._desk.extra_scoring.progress.connect(self._tell)
        self._desk.extra_scoring.failed.connect(self._desk.failed)
        self._desk.show_extra(window.preferences.extra)
        if self._desk.extra is None:
            self._sort_by_score()

    def _add(self, name: str) -> None:
        """A built-in one at once; a fitted one is a file that is asked for."""
        if not name:
            kinds = self.tr("Fitted baselines (baseline.json *.npz)")
            name, _ = QFileDialog.getOpenFileName(self._window, self.tr("A fitted baseline"), "", kinds)
        if name:
            self._desk.add_extra(name)

    def _show(self, row: ModelRow | None) -> None:
        window = self._window
        window.preferences.extra = row.id if row else ""
        window.model.extra = ShownExtra(row.name, row.as_mos, self._desk.extra_reason) if row else None
        window.models.show_extra(row.id if row else "")
        window.central.bar.show_extra(row.name if row else "")
        if row is None:
            self._sort_by_score()

    def _sort_by_score(self) -> None:
        """What is no longer there cannot be sorted by."""
        if self._window.model.query.sort == "extra":
            self._window.browsing.ask(sort="score")

    def _tell(self, name: str, done: int, total: int) -> None:
        self._window.presenter.show_facts()  # a reason may have come
        text = self.tr("{0}: {1} of {2} computed")
        self._window.status.say(text.format(name, words.thousands(done), words.thousands(total)))
