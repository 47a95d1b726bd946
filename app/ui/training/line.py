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
_DENSE: Final = 4000
"""Points from which a line is a band of ink: thin and without smoothed edges it is drawn in a fifth of the time."""
_POINTS_PER_PIXEL: Final = 1.0
"""To which a longer line is brought down, by the extremes of each pixel; pyqtgraph's own 5 show nothing more."""


class Line:
    """Two plot items that are kept, with new data each time."""

    def __init__(self, canvas: pg.PlotWidget, look: Look, *, colour: str = "") -> None:
        """`colour` takes the place of the look's hue, for another run in the same plot."""
        self._canvas, self._look, self._colour = canvas, look, colour
        self._smooth = self._dense = False
        options = {"connect": "finite", "antialias": True, "autoDownsampleFactor": _POINTS_PER_PIXEL}
        self.raw, self.mean = canvas.plot(**options), canvas.plot(**options)
        self.retheme()

    def draw(self, series: Series, axis: Axis, weight: float) -> None:
        """Show a series; `weight` of its mean (`smoothed`), 0: the raw values alone."""
        mean: Array | None = smoothed(series.y, weight) if weight else None
        if (mean is not None, len(series) > _DENSE) != (self._smooth, self._dense):
            self._smooth, self._dense = mean is not None, len(series) > _DENSE
            self.raw.opts["antialias"] = not self._dense
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
        if self._smooth or self._dense:
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
