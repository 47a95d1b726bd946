"""A curve of a plot: the raw values always, and their smoothed form before them where it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pyqtgraph as pg
from PySide6.QtGui import QColor

from app.ui.training.legend import Look
from app.ui.training.series import Array, Axis, Series, smoothed

_SYMBOL_PX: Final = 7
_MANY: Final = 60  # epochs from which symbols would touch
_FAINT: Final = 105


class Line:
    """Two plot items that are kept, with new data each time."""

    def __init__(self, canvas: pg.PlotWidget, look: Look, *, colour: str = "") -> None:
        """`colour` takes the place of the look's hue, for another run in the same plot."""
        self._canvas, self._look, self._colour = canvas, look, colour
        self._smooth = False
        self.raw = canvas.plot(connect="finite", antialias=True)
        self.mean = canvas.plot(connect="finite", antialias=True)
        self.retheme()

    def draw(self, series: Series, axis: Axis, weight: float) -> None:
        """Show a series; `weight` of its mean (`smoothed`), 0: the raw values alone."""
        mean: Array | None = smoothed(series.y, weight) if weight else None
        if (mean is not None) != self._smooth:
            self._smooth = mean is not None
            self.retheme()
        crowded = not self._look.symbol or self._colour or len(series) > _MANY
        self.raw.setSymbol(None if crowded else self._look.symbol)
        self.raw.setData(series.x(axis), series.y)
        self.mean.setVisible(mean is not None)
        if mean is not None:
            self.mean.setData(series.x(axis), mean)

    def retheme(self) -> None:
        """Take the colours of the theme in force; raw values stand back where their mean is shown."""
        pen, strong = self._look.pen(), replace(self._look, width=self._look.width + 0.6).pen()
        if self._colour:
            pen.setColor(QColor(self._colour))
            strong.setColor(QColor(self._colour))
        if self._smooth:
            faint = QColor(pen.color())
            faint.setAlpha(_FAINT)
            pen.setColor(faint)
            pen.setWidthF(1.0)
        self.raw.setPen(pen)
        self.raw.setSymbolPen(self._look.symbol_pen())
        self.raw.setSymbolBrush(self._look.symbol_fill())
        self.raw.setSymbolSize(_SYMBOL_PX)
        self.mean.setPen(strong)

    def hide(self) -> None:
        """Of another group of lines."""
        self.raw.setVisible(False)
        self.mean.setVisible(False)

    def show(self) -> None:
        """Shown again with the next `draw`."""
        self.raw.setVisible(True)

    def remove(self) -> None:
        """Take it out of the plot."""
        for item in (self.raw, self.mean):
            self._canvas.removeItem(item)
