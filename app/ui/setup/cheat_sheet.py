"""The keys on one page, by menu."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.pieces import label

Sheet = list[tuple[str, list[tuple[str, str]]]]
_COLUMNS: Final = 3


class CheatSheet(QDialog):
    """What `?` shows.

    Signals:
        change_requested: open the page where keys are changed.
    """

    change_requested = Signal()

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(980, 640)
        column = QVBoxLayout(self)
        column.addWidget(label(self.tr("Single keys act while faces have the focus, never while you type."), "muted"))
        page = QWidget()
        row = QHBoxLayout(page)
        row.setSpacing(28)
        for part in _portions(sheet):
            row.addLayout(_column(part), 1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("All keys"))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column.addWidget(area, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        change = buttons.addButton(self.tr("Change keys…"), QDialogButtonBox.ButtonRole.ActionRole)
        change.clicked.connect(self.change_requested)
        change.clicked.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)


def _portions(sheet: Sheet) -> list[Sheet]:
    """The menus in order, cut into columns of about the same height."""
    height = sum(len(rows) + 2 for _, rows in sheet) / _COLUMNS
    out: list[Sheet] = [[]]
    filled = 0.0
    for title, rows in sheet:
        if not rows:
            continue
        if out[-1] and filled + (len(rows) + 2) / 2 > height and len(out) < _COLUMNS:
            out.append([])
            filled = 0.0
        out[-1].append((title, rows))
        filled += len(rows) + 2
    return out


def _column(part: Sheet) -> QGridLayout:
    grid = QGridLayout()
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(3)
    at = 0
    for title, rows in part:
        grid.addWidget(label(title, "section"), at, 0, 1, 2)
        for keys, text in rows:
            at += 1
            shown = label(keys, "heading")
            shown.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(shown, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, wrap=True), at, 1)
        at += 1
    grid.setRowStretch(at + 1, 1)
    return grid
