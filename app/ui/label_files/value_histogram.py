"""The values of a label file on its own scale, with the ends of the scale that is declared."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme

_BINS: Final = 48
_MOST_BINS: Final = 120
_MARGIN: Final = 8.0
_FOOT: Final = 20.0
_HEAD: Final = 18.0
_AIR: Final = 0.04
"""Of the range, left free at both ends."""


class ValueHistogram(QWidget):
    """How many lines have which value; those outside the scale are pale, and counted in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: npt.NDArray[np.float64] = np.empty(0)
        self._low, self._high = 0.0, 1.0
        self._ends = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(300, 132)

    def show_values(self, values: npt.NDArray[np.float64], low: float, high: float, *, ends: bool) -> None:
        """The numbers of the file, and the scale; without `ends` nothing can lie outside it."""
        self._values, self._low, self._high, self._ends = values, min(low, high), max(low, high), ends
        self.setAccessibleName(self.text)
        self.update()

    @property
    def text(self) -> str:
        """The same in words."""
        if not self._values.size:
            return self.tr("There are no values.")
        least, most = float(self._values.min()), float(self._values.max())
        said = self.tr("{0} values from {1} to {2}").format(f"{self._values.size:,}", f"{least:g}", f"{most:g}")
        outside = int(np.count_nonzero(self._outside(self._values)))
        return said + (self.tr(", {0} outside the scale").format(f"{outside:,}") if outside else "")

    def _outside(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        return ((values < self._low) | (values > self._high)) if self._ends else np.zeros(values.shape, dtype=bool)

    def _edges(self) -> npt.NDArray[np.float64]:
        """Of the bars: values and scale fit between them, and each end of the scale is an edge."""
        values = self._values if self._values.size else np.array([self._low, self._high])
        least, most = float(values.min()), float(values.max())
        if not self._ends:
            air = (most - least or 1.0) * _AIR
            return np.linspace(least - air, most + air, _BINS + 1)
        step = (max(most, self._high) - min(least, self._low)) / _BINS
        inside = max(1, round((self._high - self._low) / step))
        step = (self._high - self._low) / inside
        before = 1 + max(0, math.ceil((self._low - least) / step))
        after = 1 + max(0, math.ceil((most - self._high) / step))
        if before + inside + after > _MOST_BINS:  # the values are far from the scale
            return np.linspace(min(least, self._low), max(most, self._high), _BINS + 1)
        return np.asarray(self._low + step * np.arange(-before, inside + after + 1), dtype=np.float64)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        plot = QRectF(_MARGIN, _HEAD, self.width() - 2 * _MARGIN, self.height() - _HEAD - _FOOT)
        edges = self._edges()
        left, right = float(edges[0]), float(edges[-1])
        painter.setPen(Qt.PenStyle.NoPen)
        best = np.nextafter(self._high, -np.inf)  # the best value itself belongs to the bar before the end
        counts, _ = np.histogram(np.where(self._values == self._high, best, self._values), bins=edges)
        pale = self._outside((edges[:-1] + edges[1:]) / 2)
        tallest, width = max(1, int(counts.max())), plot.width() / len(counts)
        for index in np.flatnonzero(counts):
            # The square root keeps rare values visible beside a tall peak.
            height = max(2.0, plot.height() * float(np.sqrt(counts[index] / tallest)))
            painter.setBrush(QColor(colours.muted if pale[index] else colours.accent))
            painter.drawRect(QRectF(plot.left() + index * width, plot.bottom() - height, max(1.0, width - 1), height))
        painter.setBrush(QColor(colours.muted))
        painter.drawRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1))
        if self._ends:
            for end in (self._low, self._high):
                self._paint_end(painter, plot, plot.left() + (end - left) / (right - left) * plot.width(), end)
        painter.setPen(QColor(colours.muted))
        painter.drawText(QRectF(plot.left(), 0, plot.width(), _HEAD), int(Qt.AlignmentFlag.AlignLeft), self.text)

    def _paint_end(self, painter: QPainter, plot: QRectF, x: float, value: float) -> None:
        colours = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        painter.drawRect(QRectF(x - 1, plot.top() + 2, 2, plot.height() + 2))
        painter.setPen(QColor(colours.text))
        place = QRectF(min(max(x - 40, plot.left()), plot.right() - 80), plot.bottom() + 4, 80, _FOOT - 4)
        side = Qt.AlignmentFlag.AlignHCenter
        if place.left() <= plot.left():
            side = Qt.AlignmentFlag.AlignLeft
        elif place.right() >= plot.right():
            side = Qt.AlignmentFlag.AlignRight
        painter.drawText(place, int(side), f"{value:g}")
