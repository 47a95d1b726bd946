"""Small parts that several panels are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QFrame,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QSlider,
    QTableView,
)


class CalmSlider(QSlider):
    """A slider that the wheel does not move: scrolling the panel must not look like an opinion."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmBox(QDoubleSpinBox):
    """A number that the wheel does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class WholeLabel(QLabel):
    """Words in as many lines as they need, none of which is cut where there is little room: others give way."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._claim()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim()

    def _claim(self) -> None:
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A text in one of the theme's roles."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    made.setIndent(0)  # else a padding of the theme pushes a title to the right of what stands below it
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def line() -> QFrame:
    """A thin horizontal rule."""
    made = QFrame()
    made.setFixedHeight(1)
    made.setProperty("role", "line")
    return made


def whole_rows(table: QTableView, height: int) -> QHeaderView:
    """Make a table one of whole rows, without grid or row numbers, that Tab leaves.

    Args:
        height: of a row, in pixels.

    Returns:
        Its header; columns are as wide as their contents until told otherwise.
    """
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(height)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return header
