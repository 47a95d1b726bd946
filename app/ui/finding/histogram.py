"""The distribution of the scores, with two handles that filter by range."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import scale, theme, words

_BINS: Final = 40
_MARGIN: Final = 12.0
_FOOT: Final = 20.0
Handle = Literal["low", "high"]


class Histogram(QWidget):
    """Counts of scores in [0, 1] with a two-handle brush.

    Values beyond the ends are counted in the outermost bins and stay inside an open range.

    Signals:
        range_changed(object, object): low and high, None where that end is open.
    """

    range_changed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: npt.NDArray[np.intp] = np.zeros(_BINS, dtype=np.intp)
        self._unscored = 0
        self._percentiles = False
        self.low, self.high = 0.0, 1.0
        self._held: Handle | None = None
        self._focused: Handle = "low"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Score range"))
        self.setToolTip(self.tr("Drag the two handles to show only scores in between. Double-click to show all."))

    def sizeHint(self) -> QSize:
        return QSize(220, 116)

    def set_values(self, values: npt.NDArray[np.float32], *, percentiles: bool = False) -> None:
        """Scores, NaN = not scored yet; `percentiles`: they are shares of a reference set, told from 0 to 100."""
        self._percentiles = percentiles
        known = values[~np.isnan(values)]
        self._counts, _ = np.histogram(np.clip(known, 0.0, 1.0), bins=_BINS, range=(0.0, 1.0))
        self._unscored = int(values.size - known.size)
        self.update()

    @property
    def open(self) -> bool:
        """Whether nothing is filtered out."""
        return self.low <= 0.0 and self.high >= 1.0

    def reset(self) -> None:
        """Open both ends."""
        self._set(0.0, 1.0)

    def set_range(self, low: float, high: float) -> None:
        """Move the handles; announced like a drag."""
        self._set(low, high)

    def _set(self, low: float, high: float) -> None:
        low, high = max(0.0, min(low, high)), min(1.0, max(low, high))
        if (low, high) != (self.low, self.high):
            self.low, self.high = low, high
            self.range_changed.emit(low if low > 0.0 else None, high if high < 1.0 else None)
        self.update()

    # -- geometry ----------------------------------------------------------------------------------

    def _plot(self) -> QRectF:
        return QRectF(_MARGIN, 8, self.width() - 2 * _MARGIN, self.height() - 8 - _FOOT)

    def _x(self, value: float) -> float:
        plot = self._plot()
        return plot.left() + value * plot.width()

    def _value(self, point: QPointF) -> float:
        plot = self._plot()
        return round(min(1.0, max(0.0, (point.x() - plot.left()) / plot.width())), 2)

    # -- painting ----------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, plot = theme.current(), self._plot()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_bars(painter, plot, colours)
        for name, value in (("low", self.low), ("high", self.high)):
            self._paint_handle(painter, plot, value, colours, focused=self.hasFocus() and self._focused == name)
        painter.setPen(QColor(colours.muted))
        foot = QRectF(plot.left(), plot.bottom() + 3, plot.width(), _FOOT - 3)
        number = words.percentile if self._percentiles else scale.current().number
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), number(self.low))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), number(self.high))
        if self._unscored:
            text = self.tr("{0} not scored").format(words.thousands(self._unscored))
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignHCenter), text)

    def _paint_bars(self, painter: QPainter, plot: QRectF, colours: theme.Theme) -> None:
        tallest = max(1, int(self._counts.max()))
        width = plot.width() / _BINS
        for index, count in enumerate(self._counts):
            if not count:
                continue
            middle = (index + 0.5) / _BINS
            colour = colours.grade(middle)
            if not self.low <= middle <= self.high:
                colour = QColor(colours.line)
            # The square root keeps rare scores visible beside a tall peak.
            height = max(2.0, plot.height() * float(np.sqrt(count / tallest)))
            painter.setBrush(colour)
            painter.drawRect(QRectF(plot.left() + index * width, plot.bottom() - height, max(1.0, width - 1), height))
        painter.setBrush(QColor(colours.line))
        painter.drawRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1))

    def _paint_handle(
        self, painter: QPainter, plot: QRectF, value: float, colours: theme.Theme, *, focused: bool
    ) -> None:
        x = self._x(value)
        painter.setBrush(QColor(colours.accent if focused or not self.open else colours.muted))
        painter.drawRect(QRectF(x - 1, plot.top(), 2, plot.height()))
        painter.drawRoundedRect(QRectF(x - 5, plot.center().y() - 11, 10, 22), 3, 3)

    # -- events ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        value = self._value(event.position())
        nearer_low = abs(value - self.low) < abs(value - self.high) or value < self.low
        self._held = self._focused = "low" if nearer_low else "high"
        self._drag(value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._drag(self._value(event.position()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._held = None
        self.reset()

    def _drag(self, value: float) -> None:
        if (self._held or self._focused) == "low":
            self._set(min(value, self.high), self.high)
        else:
            self._set(self.low, max(value, self.low))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}.get(Qt.Key(event.key()))
        if by is not None:
            at = self.low if self._focused == "low" else self.high
            self._drag(round(min(1.0, max(0.0, at + by)), 2))
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._focused = "high" if self._focused == "low" else "low"
            self.update()
        else:
            super().keyPressEvent(event)
