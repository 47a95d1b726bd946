"""One plot of a run: a few lines over epochs or steps, redrawn from a `History` by `setData` on the same items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.training.history import Axis, History
from app.ui.training.legend import LegendRow, Look

_HOVER_HZ: Final = 30
_SYMBOL_PX: Final = 7
_MANY: Final = 60  # epochs from which symbols would touch


def value_text(value: float) -> str:
    """Three decimals, a dash where there is no number."""
    return f"{value:.3f}" if np.isfinite(value) else "–"


def dress(canvas: pg.PlotWidget) -> None:
    """Ground, axes and grid of a plot in the colours of the theme in force."""
    now = theme.current()
    canvas.setBackground(now.canvas)
    for side in ("left", "bottom"):
        axis = canvas.getAxis(side)
        axis.setPen(pg.mkPen(now.line))
        axis.setTextPen(pg.mkPen(now.muted))
    canvas.showGrid(x=False, y=True, alpha=0.18)


class CountAxis(pg.AxisItem):  # type: ignore[misc]
    """Epochs and steps are counted, so only whole ticks get a number."""

    def tickStrings(self, values: list[float], scale: float, _spacing: float) -> list[str]:
        return [f"{v * scale:,.0f}" if abs(v - round(v)) < 1e-6 else "" for v in values]


class CurvePlot(QWidget):
    """Lines with a legend row above; wheel and drag zoom, a double click shows all again."""

    def __init__(
        self,
        title: str,
        lines: Mapping[str, tuple[str, Look]],
        *,
        stages_at: float = 0.96,
        parent: QWidget | None = None,
    ) -> None:
        """`lines`: series of the history -> (name, look). `stages_at`: height of the stages' names, 0 to 1."""
        super().__init__(parent)
        self._stages_at = stages_at
        self._lines = dict(lines)
        self._history = History()
        self._axis: Axis = "epoch"
        self._reference: dict[str, float] = {}
        self._reference_text = ""
        self._stages: list[tuple[str, float]] = []
        self._fitted = True
        self._at: float | None = None
        self.legend = LegendRow(title, self._lines)
        self.canvas = pg.PlotWidget(axisItems={"bottom": CountAxis("bottom")})
        self.canvas.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.legend)
        column.addWidget(self.canvas, 1)
        self._build()
        self.retheme()

    def _build(self) -> None:
        canvas, item = self.canvas, self.canvas.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        self.curves = {key: canvas.plot(connect="finite", antialias=True) for key in self._lines}
        self._levels = {key: pg.InfiniteLine(angle=0) for key in self._lines}
        for line in self._levels.values():
            line.hide()
            canvas.addItem(line, ignoreBounds=True)
        self._note = pg.LabelItem(justify="right")
        self._note.setParentItem(item.getViewBox())
        self._note.anchor(itemPos=(1, 1), parentPos=(1, 1), offset=(-6, 0))
        self._marks: list[pg.InfiniteLine] = []
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        canvas.addItem(self._cursor, ignoreBounds=True)
        canvas.setToolTip(self.tr("Wheel or drag to look closer, double-click to see all."))
        canvas.viewport().installEventFilter(self)
        item.getViewBox().sigRangeChangedManually.connect(self._zoomed)
        self._moves = pg.SignalProxy(canvas.scene().sigMouseMoved, rateLimit=_HOVER_HZ, slot=self._hovered)

    # -- what is shown ---------------------------------------------------------------------------

    def set_reference(self, levels: Mapping[str, float], text: str) -> None:
        """Dashed levels to compare with, by series; `text` names them. Series without a level have none."""
        self._reference = {k: float(v) for k, v in levels.items() if k in self._lines and np.isfinite(v)}
        for key, line in self._levels.items():
            line.setVisible(key in self._reference)
            if key in self._reference:
                line.setValue(self._reference[key])
        self._reference_text = text
        self._write_note()

    def draw(self, history: History, axis: Axis) -> None:
        """Show a history along `axis`; cheap enough for ten times a second."""
        if history is not self._history or axis != self._axis:
            self._fitted = True
        self._history, self._axis = history, axis
        for key, curve in self.curves.items():
            series, look = history.series[key], self._lines[key][1]
            crowded = not look.symbol or len(series) > _MANY
            curve.setSymbol(None if crowded else look.symbol)
            curve.setData(series.x(axis), series.y)
        self._mark_stages(history, axis)
        if self._fitted:
            self._fit()
        self._show_values(self._at)

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        now = theme.current()
        dress(self.canvas)
        for key, (_, look) in self._lines.items():
            self.curves[key].setPen(look.pen())
            self.curves[key].setSymbolPen(look.symbol_pen())
            self.curves[key].setSymbolBrush(look.symbol_fill())
            self.curves[key].setSymbolSize(_SYMBOL_PX)
            level = QPen(look.colour, 1.2, Qt.PenStyle.DashLine)
            level.setCosmetic(True)
            self._levels[key].setPen(level)
        self._cursor.setPen(pg.mkPen(now.muted))
        self._write_note()
        self._clear_marks()
        self._mark_stages(self._history, self._axis)
        self.legend.update()

    def _write_note(self) -> None:
        parts = [f"{self._lines[key][0]} {value_text(level)}" for key, level in self._reference.items()]
        text = f"- - {self._reference_text}: {', '.join(parts)}" if parts else ""
        self._note.setText(text, color=theme.current().muted, size="9pt")

    def _mark_stages(self, history: History, axis: Axis) -> None:
        several = len(history.boundaries) > 1
        stages = [(b.stage, b.at(axis)) for b in history.boundaries] if several else []
        if stages != self._stages:
            self._clear_marks()
            self._stages, self._marks = stages, [self._mark(name, at) for name, at in stages]

    def _clear_marks(self) -> None:
        for mark in self._marks:
            self.canvas.removeItem(mark)
        self._stages, self._marks = [], []

    def _mark(self, name: str, at: float) -> pg.InfiniteLine:
        now = theme.current()
        ground = QColor(now.canvas)
        options = {"position": self._stages_at, "anchors": [(0, 0.5), (0, 0.5)], "color": now.muted, "fill": ground}
        pen = pg.mkPen(now.muted, style=Qt.PenStyle.DotLine)
        mark = pg.InfiniteLine(at, angle=90, pen=pen, label=name, labelOpts=options)
        self.canvas.addItem(mark, ignoreBounds=True)
        return mark

    # -- range -----------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all, and go on showing all as points come."""
        self._fitted = True
        self._fit()

    def _zoomed(self, _mouse: object) -> None:
        self._fitted = False

    def _fit(self) -> None:
        parts = [self._history.series[key].y for key in self._lines]
        values = np.concatenate([*parts, np.array([*self._reference.values()], dtype=np.float64)])
        values = values[np.isfinite(values)]
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        room = max(0.06 * (high - low), 0.01)
        end = max(self._history.end(self._axis), 1.0)
        self.canvas.setRange(xRange=(0.0, end * 1.02), yRange=(low - room, high + room), padding=0)

    # -- values at the cursor --------------------------------------------------------------------

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._show_values(None)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.fit()
        return bool(super().eventFilter(watched, event))

    def _hovered(self, arguments: tuple[QPointF]) -> None:
        box = self.canvas.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(arguments[0])
        self._show_values(box.mapSceneToView(arguments[0]).x() if inside else None)

    def _show_values(self, at: float | None) -> None:
        """The values nearest to `at`, None: the last ones."""
        self._at, place = at, ""
        for key in self._lines:
            series = self._history.series[key]
            index = len(series) - 1 if at is None else series.nearest(self._axis, at)
            self.legend.set_value(key, value_text(float(series.y[index])) if index >= 0 else "")
            if at is not None and index >= 0:
                place = self._place(float(series.x(self._axis)[index]))
        self._cursor.setVisible(bool(place))
        if at is not None:
            self._cursor.setValue(at)
        self.legend.set_place(place)

    def _place(self, x: float) -> str:
        text = self.tr("epoch {0}") if self._axis == "epoch" else self.tr("step {0}")
        return text.format(f"{x:.1f}".removesuffix(".0") if self._axis == "epoch" else f"{x:,.0f}")
