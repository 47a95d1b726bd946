"""The panel at the left: folders, views with their counts, the histogram."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.library.columns import Columns
from app.ui import words
from app.ui.histogram import Histogram


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
        self.setMinimumWidth(216)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        self.views = QListWidget()
        self.views.setAccessibleName(self.tr("Views"))
        self._titles = {
            "all": self.tr("All"),
            "unlabelled": self.tr("Unlabelled"),
            "labelled": self.tr("Labelled"),
            "problems": self.tr("Problems"),
            "missing": self.tr("Missing"),
        }
        for key in self._titles:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, key)
            self.views.addItem(item)
        self.views.setCurrentRow(0)
        self.views.currentItemChanged.connect(self._view_chosen)
        self.folders = QListWidget()
        self.folders.setAccessibleName(self.tr("Folders"))
        self.folders.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.folders.currentItemChanged.connect(self._folder_chosen)
        self.histogram = Histogram()
        self.histogram.range_changed.connect(lambda low, high: self.query_changed.emit({"low": low, "high": high}))
        button = QPushButton(self.tr("Open folder…"))
        button.clicked.connect(self.open_requested)
        for title, widget, stretch in (
            (self.tr("Views"), self.views, 0),
            (self.tr("Scores"), self.histogram, 0),
            (self.tr("Folders"), self.folders, 1),
        ):
            label = QLabel(title)
            label.setProperty("role", "section")
            column.addWidget(label)
            column.addWidget(widget, stretch)
        column.addWidget(button)
        self.show_columns(Columns.empty())
        self._fit_views()

    def _fit_views(self) -> None:
        self.views.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.views.setFixedHeight(self.views.sizeHintForRow(0) * self.views.count() + 6)

    def sizeHint(self) -> QSize:
        return QSize(236, 600)

    def _view_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.query_changed.emit({"view": item.data(Qt.ItemDataRole.UserRole)})

    def _folder_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.query_changed.emit({"folder": item.data(Qt.ItemDataRole.UserRole)})

    def show_columns(self, columns: Columns) -> None:
        """Count and draw afresh."""
        here = ~columns.missing
        trouble = np.array([bool(p) for p in columns.problem], dtype=bool)
        labelled = ~np.isnan(columns.mos)
        counts = {
            "all": int(here.sum()),
            "unlabelled": int((here & ~labelled & ~trouble).sum()),
            "labelled": int((here & labelled).sum()),
            "problems": int(trouble.sum()),
            "missing": int(columns.missing.sum()),
        }
        for row in range(self.views.count()):
            item = self.views.item(row)
            key = item.data(Qt.ItemDataRole.UserRole)
            item.setText(f"{self._titles[key]}   {words.thousands(counts[key])}")
        self.histogram.set_values(columns.shown[here])

    def show_folders(self, folders: list[tuple[int, str]]) -> None:
        """(id, path) of every folder of the library."""
        chosen = self.folders.currentItem().data(Qt.ItemDataRole.UserRole) if self.folders.currentItem() else None
        self.folders.blockSignals(True)
        self.folders.clear()
        for folder_id, path in [(None, ""), *folders]:
            item = QListWidgetItem(Path(path).name or path if path else self.tr("All folders"))
            item.setToolTip(path)
            item.setData(Qt.ItemDataRole.UserRole, folder_id)
            self.folders.addItem(item)
            if folder_id == chosen:
                self.folders.setCurrentItem(item)
        self.folders.blockSignals(False)

    def clear(self) -> None:
        """Show everything as chosen; not announced."""
        with QSignalBlocker(self.views), QSignalBlocker(self.folders), QSignalBlocker(self.histogram):
            self.views.setCurrentRow(0)
            self.folders.setCurrentRow(0)
            self.histogram.reset()

    def choose_folder(self, folder_id: int) -> None:
        """Mark a folder as the chosen one."""
        for row in range(self.folders.count()):
            if self.folders.item(row).data(Qt.ItemDataRole.UserRole) == folder_id:
                self.folders.setCurrentRow(row)
