"""Predicted quality against MOS, the new model beside the active one."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.model_work import Pairs
from app.ui import theme
from app.ui.training.judgement import Floats, Predictions
from app.ui.training.legend import LegendRow, Look, colour
from app.ui.training.plot import dress

_LOOKS: Final = {
    "baseline": Look("second", "none", symbol="s", filled=False),
    "candidate": Look("first", "none", symbol="o"),
}


class ScatterView(QWidget):
    """One symbol per image and model; the diagonal is perfect agreement.

    Signals:
        image_clicked(int): this point's image.
    """

    image_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = {"candidate": self.tr("new"), "baseline": self.tr("active")}
        self.legend = LegendRow(
            {k: (names[k], _LOOKS[k]) for k in ("candidate", "baseline")}, title=self.tr("Score/MOS")
        )
        self.canvas = pg.PlotWidget()
        self.canvas.setAccessibleName(self.tr("Predicted quality against MOS"))
        item = self.canvas.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        for side in ("bottom", "left"):
            self.canvas.getAxis(side).enableAutoSIPrefix(False)  # a score of 0.4 is not "400 (x0.001)"
        self._diagonal = self.canvas.plot([-1, 2], [-1, 2])
        self.points = {key: pg.ScatterPlotItem(size=8, hoverable=True, tip=self._tip) for key in _LOOKS}
        for scatter in self.points.values():
            self.canvas.addItem(scatter)
            scatter.sigClicked.connect(self._clicked)
        self._predictions: Predictions | None = None
        self._words = self.tr("{0}\nMOS {1}, score {2}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.legend)
        column.addWidget(self.canvas, 1)
        self.retheme()

    def show_predictions(self, predictions: Predictions | None, split: str) -> None:
        """Show the images of one split."""
        self._predictions = predictions
        values = [np.array([0.0, 1.0])]
        for key, scatter in self.points.items():
            scores = getattr(predictions, key) if predictions else np.empty(0)
            rows = self._rows(predictions, split, scores)
            mos = predictions.mos[rows] if predictions else np.empty(0)
            scatter.setData(x=mos, y=scores[rows], data=rows)
            values.append(scores[rows])
        every = np.concatenate(values)
        self.canvas.setRange(xRange=(0, 1), yRange=(float(every.min()), float(every.max())), padding=0.04)

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        dress(self.canvas)
        self._diagonal.setPen(pg.mkPen(theme.current().muted, style=Qt.PenStyle.DashLine))
        for key, look in _LOOKS.items():
            fill = QColor(colour(look.hue))
            fill.setAlpha(150 if look.filled else 0)
            self.points[key].setPen(look.symbol_pen())
            self.points[key].setBrush(fill)
            self.points[key].setSymbol(look.symbol)

    @staticmethod
    def _rows(predictions: Predictions | None, split: str, scores: Floats) -> Any:
        if predictions is None:
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero(predictions.of(split) & np.isfinite(scores) & np.isfinite(predictions.mos))

    def show_pairs(self, pairs: Pairs, first: str, second: str, *, same_scale: bool = True) -> None:
        """Show two models' scores of the same images against each other, `first` along x.

        Unless both are on the `same_scale`, each axis has its own, and there is no diagonal.
        """
        none = np.full(len(pairs.first), np.nan)
        self._predictions = Predictions(
            pairs.paths, pairs.image_ids, [""] * len(pairs.paths), pairs.first, pairs.second, none
        )
        self._words = f"{{0}}\n{_plain(first)} {{1}}, {_plain(second)} {{2}}"
        self.points["baseline"].setData(x=[], y=[])
        self.points["candidate"].setData(x=pairs.first, y=pairs.second, data=np.arange(len(pairs.first)))
        self._diagonal.setVisible(same_scale)
        every = np.concatenate([pairs.first, pairs.second, [0.0, 1.0]])
        x, y = (every, every) if same_scale or not len(pairs.first) else (pairs.first, pairs.second)
        self.canvas.setRange(xRange=(x.min(), x.max()), yRange=(y.min(), y.max()), padding=0.04)
        self.canvas.setLabel("bottom", first)
        self.canvas.setLabel("left", second)
        self.legend.hide()

    def _tip(self, x: float, y: float, data: int) -> str:
        name = self._predictions.paths[int(data)].replace("\\", "/").rsplit("/", 1)[-1] if self._predictions else ""
        return self._words.format(name, f"{x:.2f}", f"{y:.2f}")

    def _clicked(self, _item: object, points: Any, _event: object) -> None:
        if self._predictions is None or not len(points):
            return
        image_id = int(self._predictions.image_ids[int(points[0].data())])
        if image_id >= 0:
            self.image_clicked.emit(image_id)


def _plain(name: str) -> str:
    """A name that `str.format` leaves as it is."""
    return name.replace("{", "{{").replace("}", "}}")
