"""File > Open recent: the libraries of before; one that is gone is shown grey, since its drive may come back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.setup.preferences import Preferences


class RecentMenu(QMenu):
    """Fills itself when it is opened.

    Signals:
        chosen(object): the Path of a library.
    """

    chosen = Signal(object)

    def __init__(self, preferences: Preferences, present: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences, self._present = preferences, present
        self.setTitle(self.tr("Open recent"))
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """As it stands now."""
        self.clear()
        others = [path for path in self._preferences.recent if path != self._present]
        for path in others:
            there = (path / "library.toml").is_file()
            action = self.addAction(str(path) if there else self.tr("{0}  (not there)").format(path))
            action.setEnabled(there)
            action.triggered.connect(lambda _=False, path=path: self.chosen.emit(path))
        if not others:
            self.addAction(self.tr("No other library yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("Forget this list")).triggered.connect(self._forget)

    def _forget(self) -> None:
        self._preferences.recent = [self._present]
