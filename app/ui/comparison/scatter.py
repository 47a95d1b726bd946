"""What one system said of the test images against their labels; every point leads to its face."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent

from app.ui import theme
from app.ui.training.plot import dress
from engine.metrics import FloatArray

_STEPS: Final = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
_SIZE: Final = 9
NOTHING: Final = -1


class PredictionScatter(pg.PlotWidget):  # type: ignore[misc]
    """Label along x, score along y, each axis on its own scale. Arrow keys go from point to point by label.

    Signals:
        chosen(int): number of the image, in the order in which they were given.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Score against label; arrow keys go from image to image"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        self._names: list[str] = []
        self._mos = self._scores = np.empty(0)
        self._order = np.empty(0, dtype=np.intp)
        self.current = NOTHING
        self.points = pg.ScatterPlotItem(size=_SIZE, hoverable=True, tip=self._tip)
        self.ring = pg.ScatterPlotItem(size=2 * _SIZE, symbol="o")
        for each in (self.points, self.ring):
            self.addItem(each)
        self.points.sigClicked.connect(self._clicked)
        for side in ("bottom", "left"):
            self.getAxis(side).enableAutoSIPrefix(False)
        self.setLabel("bottom", self.tr("label (MOS)"))
        self.retheme()

    def show_points(self, title: str, mos: FloatArray, scores: FloatArray, names: list[str]) -> None:
        """Show a system: label and score of each image, [N] each, NaN where it said nothing. The chosen one stays."""
        self._mos, self._scores, self._names = mos, scores, names
        known = np.flatnonzero(np.isfinite(mos) & np.isfinite(scores))
        self._order = known[np.lexsort((scores[known], mos[known]))]
        self.points.setData(x=mos[known], y=scores[known], data=known)
        self.setLabel("left", self.tr("score of {0}").format(title))
        if known.size:
            low, high = float(scores[known].min()), float(scores[known].max())
            room = 0 if high > low else 0.5
            self.setRange(xRange=(0, 1), yRange=(low - room, high + room), padding=0.06)
        self.mark(self.current)

    def mark(self, number: int) -> None:
        """Put the ring around an image; `NOTHING` or one without a score takes it away."""
        self.current = number
        there = 0 <= number < len(self._mos) and np.isfinite(self._scores[number])
        self.ring.setData(x=[self._mos[number]] if there else [], y=[self._scores[number]] if there else [])

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        dress(self)
        now = theme.current()
        fill = QColor(now.accent)
        fill.setAlpha(150)
        self.points.setPen(pg.mkPen(now.accent, width=1.2))
        self.points.setBrush(fill)
        self.ring.setPen(pg.mkPen(now.label, width=2.5))
        self.ring.setBrush(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _STEPS.get(Qt.Key(event.key()), 0)
        if not by or not self._order.size:
            super().keyPressEvent(event)
            return
        at = np.flatnonzero(self._order == self.current)
        to = int(at[0]) + by if at.size else 0
        self.choose(int(self._order[min(len(self._order) - 1, max(0, to))]))

    def choose(self, number: int) -> None:
        """As if the point had been clicked."""
        self.mark(number)
        self.chosen.emit(number)

    def _clicked(self, _item: object, points: Any, _event: object) -> None:
        if len(points):
            self.choose(int(points[0].data()))

    def _tip(self, x: float, y: float, data: int) -> str:
        text: str = self.tr("{0}\nMOS {1}, score {2}")
        return text.format(self._names[int(data)], f"{x:.2f}", f"{y:.3f}")
