"""The axes of a plot that is redrawn ten times a second."""

from __future__ import annotations

from typing import Any, Final, Literal

import pyqtgraph as pg
from PySide6.QtGui import QPainter

from app.ui.training.series import Axis

_HOUR_MARKS: Final = 30
"""Minutes between two ticks from which they are told in hours."""


class DirectAxis(pg.AxisItem):  # type: ignore[misc]
    """Paints its ticks itself: pyqtgraph plays a recording, which shapes every number anew and takes ten times as long.

    `picture` is pyqtgraph's: None where ticks or range have changed since.
    """

    def __init__(self, side: Literal["left", "bottom"]) -> None:
        super().__init__(side)
        self._specs: Any = None

    def paint(self, painter: QPainter, *_: object) -> None:
        if self.picture is None:  # type: ignore[has-type]
            self._specs, self.picture = self.generateDrawSpecs(painter), ()
        if self._specs is not None:
            painter.save()
            self.drawPicture(painter, *self._specs)
            painter.restore()


class ProgressAxis(DirectAxis):
    """Epochs and steps are counted, so only whole ticks get a number; minutes of a long run become hours."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.axis: Axis = "epoch"

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.axis == "time":
            return [f"{v / 60:g} h" if spacing >= _HOUR_MARKS else f"{v:.6g} min" for v in values]
        return [f"{v * scale:,.0f}" if abs(v - round(v)) < 1e-6 else "" for v in values]
