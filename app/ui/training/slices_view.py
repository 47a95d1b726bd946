"""Slices of the held-out images as a table: where the new model gains and where it loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.training.slices import FEWEST, Slice
from app.ui import words
from app.ui.pieces import whole_rows
from app.ui.training.plot import value_text

_DROP: Final = 0.05
"""A change of SRCC from which a slice is marked."""


class SlicesView(QWidget):
    """One row per slice; a drop is marked by a sign and by words, not by colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 7)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Slice"),
                self.tr("Images"),
                self.tr("SRCC new"),
                self.tr("active"),
                self.tr("Change"),
                self.tr("RMSE new"),
                self.tr("active"),
            ]
        )
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        whole_rows(self.table, 24).setStretchLastSection(True)
        self.table.setAccessibleName(self.tr("Agreement by slice"))
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        self.show_slices([])

    def show_slices(self, found: Sequence[Slice]) -> None:
        """Replace the table."""
        self.table.setRowCount(len(found))
        for row, part in enumerate(found):
            for column, text in enumerate(self._texts(part)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.setVisible(bool(found))
        note = self.tr("No numbers below {0} images. Slices have no intervals: a small change may be chance.")
        none = self.tr("The held-out images do not differ in size, provenance or folder.")
        self.note.setText(note.format(FEWEST) if found else none)

    def _texts(self, part: Slice) -> tuple[str, ...]:
        kinds = {"size": self.tr("size"), "provenance": self.tr("labels"), "folder": self.tr("folder")}
        return (
            f"{kinds.get(part.kind, part.kind)}: {part.name}",
            words.thousands(part.n),
            value_text(part.candidate),
            value_text(part.baseline),
            self._change(part.candidate - part.baseline),
            value_text(part.candidate_rmse),
            value_text(part.baseline_rmse),
        )

    def _change(self, change: float) -> str:
        if not np.isfinite(change):
            return "–"
        sign = "▲" if change > 0 else "▼"
        text = f"{sign} {change:+.3f}".replace("-", "−")
        return self.tr("{0}, drops").format(text) if change <= -_DROP else text
