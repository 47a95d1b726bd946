"""The panel at the left: views with their counts, the histogram, folders."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.library.columns import Columns
from app.ui.finding.folder_tree import FolderTree, directories
from app.ui.finding.histogram import Histogram
from app.ui.finding.view_list import ViewList
from app.ui.pieces import label


class SidePanel(QWidget):
    """Where to look.

    Signals:
        query_changed(dict): fields of `Query` to change.
        open_requested: choose another folder.
    """

    query_changed = Signal(dict)
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(196)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        self.views = ViewList()
        self.folders = FolderTree()
        self.folders.chosen.connect(
            lambda folder, inside: self.query_changed.emit({"folder": folder, "inside": inside})
        )
        self.histogram = Histogram()
        self.histogram.range_changed.connect(lambda low, high: self.query_changed.emit({"low": low, "high": high}))
        self._scores_title = label(self.tr("Scores"), "section")
        button = QPushButton(self.tr("Open folder…"))
        button.clicked.connect(self.open_requested)
        column.addWidget(label(self.tr("Views"), "section"))
        column.addWidget(self.views)
        column.addWidget(self._scores_title)
        column.addWidget(self.histogram)
        column.addWidget(label(self.tr("Folders"), "section"))
        column.addWidget(self.folders, 1)
        column.addWidget(button)
        self._rows, self._last = 0, -1
        self._directories: set[str] = set()
        self.show_columns(Columns.empty())

    def sizeHint(self) -> QSize:
        return QSize(236, 600)

    def show_columns(self, columns: Columns) -> None:
        """Draw afresh; directories are sought only when images came or went."""
        there = ~columns.missing
        as_percentiles = not bool(np.isnan(columns.percentile[there]).all())
        self.histogram.set_values(columns.shown[there], percentiles=as_percentiles)
        if len(columns) != self._rows:
            self._seek_directories(columns)
            self.folders.show_directories(self._directories)

    def _seek_directories(self, columns: Columns) -> None:
        """Only among new images, where those that were there stand before them."""
        known = self._rows if 0 < self._rows < len(columns) and columns.id[self._rows - 1] == self._last else 0
        found = directories(columns.path[known:].tolist())
        self._directories = self._directories | found if known else found
        self._rows, self._last = len(columns), int(columns.id[-1]) if len(columns) else -1

    def forget_directories(self) -> None:
        """All rows were read anew: folders may have other names, though there are as many images."""
        self._rows, self._last = 0, -1

    def hide_scores(self, hidden: bool) -> None:
        """Blind: no distribution of scores."""
        self._scores_title.setHidden(hidden)
        self.histogram.setHidden(hidden)

    def clear(self) -> None:
        """Show everything as chosen; not announced."""
        self.views.choose("All")
        self.folders.choose(None)
        with QSignalBlocker(self.histogram):
            self.histogram.reset()
