"""The score as a bar, the MOS as a mark on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui import theme


class QualityBar(QWidget):
    """For the eye only: the numbers stand above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score = self._mos = math.nan
        self.setFixedHeight(18)

    def show_values(self, score: float, mos: float) -> None:
        """Both in [0, 1], NaN = none."""
        self._score, self._mos = score, mos
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 5, self.width(), 8)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(bar, 4, 4)
        if not math.isnan(self._score):
            filled = QRectF(bar)
            filled.setWidth(max(8.0, bar.width() * min(1.0, max(0.0, self._score))))
            painter.setBrush(colours.grade(self._score))
            painter.drawRoundedRect(filled, 4, 4)
        if not math.isnan(self._mos):
            painter.setBrush(QColor(colours.label))
            painter.drawRoundedRect(QRectF(self._mos * (self.width() - 4), 0, 4, 18), 2, 2)
