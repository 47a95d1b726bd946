"""One plot of a run: a few lines over epochs or steps, redrawn from a `History` by `setData` on the same items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.training.history import Axis, History
from app.ui.training.legend import LegendRow, Look

_HOVER_HZ: Final = 30
_SYMBOL_PX: Final = 7
_MANY: Final = 80  # epochs from which symbols would touch


def value_text(value: float) -> str:
    """Three decimals, a dash where there is no number."""
    return f"{value:.3f}" if np.isfinite(value) else "–"


class _WholeAxis(pg.AxisItem):  # type: ignore[misc]
    """Epochs and steps are counted, so only whole ticks get a number."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{v * scale:,.0f}" if abs(v - round(v)) < 1e-6 else "" for v in values]


class CurvePlot(QWidget):
    """Lines with a legend row above; wheel and drag zoom, a double click shows all again."""

    def __init__(self, title: str, lines: Mapping[str, tuple[str, Look]], parent: QWidget | None = None) -> None:
        """`lines`: series of the history -> (name, look)."""
        super().__init__(parent)
        self._lines = dict(lines)
        self._history, self._axis = History(), Axis("epoch") if callable(Axis) else "epoch"
        self._reference: dict[str, float] = {}
        self._fitted = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.legend = LegendRow(title, self._lines)
        column.addWidget(self.legend)
        self.canvas = pg.PlotWidget(axisItems={"bottom": _WholeAxis("bottom")})
        column.addWidget(self.canvas, 1)
