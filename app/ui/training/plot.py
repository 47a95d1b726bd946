"""One plot of a run: a few lines over epochs or steps, redrawn from a `History` by `setData` on the same items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme, words
from app.ui.training.axes import DirectAxis, ProgressAxis
from app.ui.training.history import History
from app.ui.training.legend import LegendRow, Look
from app.ui.training.level_note import LevelNote
from app.ui.training.line import Line
from app.ui.training.overlay import Overlay, Overlays
from app.ui.training.series import Axis
from app.ui.training.stage_marks import StageMarks

_HOVER_HZ: Final = 30


@dataclass(frozen=True)
class Group:
    """Lines that share a plot, since they share a scale: series of the history -> (name, look)."""

    title: str
    lines: Mapping[str, tuple[str, Look]]


def value_text(value: float) -> str:
    """Three decimals, a small number (a learning rate) with its exponent, a dash where there is no number."""
    if not np.isfinite(value):
        return "–"
    return f"{value:.1e}" if 0 < abs(value) < 5e-3 else f"{value:.3f}"


def dress(canvas: pg.PlotWidget) -> None:
    """Ground, axes and grid of a plot in the colours of the theme in force."""
    now = theme.current()
    canvas.setBackground(now.canvas)
    for side in ("left", "bottom"):
        axis = canvas.getAxis(side)
        axis.setPen(pg.mkPen(now.line))
        axis.setTextPen(pg.mkPen(now.muted))
    canvas.showGrid(x=False, y=True, alpha=0.18)


class CurvePlot(QWidget):
    """Lines with a legend row above; wheel and drag zoom, a double click shows all again."""

    def __init__(self, groups: Mapping[str, Group], *, rising: bool = True, parent: QWidget | None = None) -> None:
        """`groups`: what can be chosen to be shown. `rising`: most lines go up (`StageMarks`)."""
        super().__init__(parent)
        self._groups = dict(groups)
        self._group = next(iter(groups))
        self._history = History()
        self._axis: Axis = "epoch"
        self._weight = 0.0
        self._overlaid: tuple[Overlay, ...] = ()
        self._reference: dict[str, float] = {}
        self._reference_text = ""
        self._fitted = True
        self._at: float | None = None
        self._legends = {key: LegendRow(group.lines) for key, group in groups.items()}
        self._bottom = ProgressAxis()
        self.canvas = pg.PlotWidget(enableMenu=False, axisItems={"bottom": self._bottom, "left": DirectAxis("left")})
        self.canvas.setAccessibleName(" · ".join(group.title for group in groups.values()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._head())
        column.addWidget(self.canvas, 1)
        self._build(rising)
        self.choose(self._group)
        self.retheme()

    @property
    def legend(self) -> LegendRow:
        """Of the lines that are shown."""
        return self._legends[self._group]

    @property
    def _lines(self) -> Mapping[str, tuple[str, Look]]:
        return self._groups[self._group].lines

    def _head(self) -> QHBoxLayout:
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(self.tr("What this plot shows"))
        self.chooser.setFixedWidth(84)  # the values beside it need the room
        self._legend_stack = QStackedWidget()
        self._legend_stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for key, group in self._groups.items():
            self.chooser.addItem(group.title, key)
            self._legend_stack.addWidget(self._legends[key])
        self.chooser.currentIndexChanged.connect(lambda: self.choose(self.chooser.currentData()))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.chooser)
        row.addWidget(self._legend_stack, 1)
        return row

    def _build(self, rising: bool) -> None:
        canvas, item = self.canvas, self.canvas.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        self._others = Overlays(canvas)
        looks = {key: look for group in self._groups.values() for key, (_, look) in group.lines.items()}
        self._drawn = {key: Line(canvas, look) for key, look in looks.items()}
        self.curves = {key: line.raw for key, line in self._drawn.items()}
        self._levels = {key: pg.InfiniteLine(angle=0) for key in looks}
        for line in self._levels.values():
            line.hide()
            canvas.addItem(line, ignoreBounds=True)
        self._note = LevelNote(item.getViewBox())
        self.stages = StageMarks(canvas, at_top=rising)
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        canvas.addItem(self._cursor, ignoreBounds=True)
        canvas.setToolTip(self.tr("Wheel or drag to look closer, double-click to see all."))
        canvas.viewport().installEventFilter(self)
        item.getViewBox().sigRangeChangedManually.connect(self._zoomed)
        item.getViewBox().sigResized.connect(self._resized)
        self._moves = pg.SignalProxy(canvas.scene().sigMouseMoved, rateLimit=_HOVER_HZ, slot=self._hovered)

    # -- what is chosen --------------------------------------------------------------------------

    def choose(self, group: str) -> None:
        """Show another group of lines."""
        self._group, self._fitted = group, True
        self._legend_stack.setCurrentWidget(self.legend)
        for key, line in self._drawn.items():
            (line.show if key in self._lines else line.hide)()
        self._show_levels()
        self.set_overlays(self._overlaid)
        self.draw(self._history, self._axis)

    def set_smoothing(self, weight: float) -> None:
        """Weight of the mean that is drawn before the raw values (`series.smoothed`), 0: none."""
        self._weight = weight
        self.draw(self._history, self._axis)

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Other runs in the same plot."""
        self._overlaid = tuple(overlays)
        self._others.show(overlays, {key: look for key, (_, look) in self._lines.items()})

    # -- what is shown ---------------------------------------------------------------------------

    def set_reference(self, levels: Mapping[str, float], text: str) -> None:
        """Dashed levels to compare with, by series; `text` names them. Series without a level have none."""
        self._reference = {k: float(v) for k, v in levels.items() if k in self._levels and np.isfinite(v)}
        self._reference_text = text
        self._show_levels()

    def _show_levels(self) -> None:
        for key, line in self._levels.items():
            line.setVisible(key in self._reference and key in self._lines)
            if key in self._reference:
                line.setValue(self._reference[key])
        self._write_note()

    def draw(self, history: History, axis: Axis) -> None:
        """Show a history along `axis`; cheap enough for ten times a second."""
        if history is not self._history or axis != self._axis:
            self._fitted = True
        self._history, self._axis, self._bottom.axis = history, axis, axis
        for key in self._lines:
            self._drawn[key].draw(history.series[key], axis, self._weight)
        self._others.draw(axis, self._weight)
        self.stages.show(history, axis)
        self._write_note()
        if self._fitted:
            self._fit()
        self._show_values(self._at)

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        now = theme.current()
        dress(self.canvas)
        for key, line in self._drawn.items():
            line.retheme()
            look = next(g.lines[key][1] for g in self._groups.values() if key in g.lines)
            level = QPen(look.colour, 1.2, Qt.PenStyle.DashLine)
            level.setCosmetic(True)
            self._levels[key].setPen(level)
        self._cursor.setPen(pg.mkPen(now.muted))
        self.set_overlays(self._overlaid)
        self._write_note()
        self.stages.clear()
        self.stages.show(self._history, self._axis)
        self.legend.update()

    def _write_note(self) -> None:
        """Names the dashed lines; a long name gives way to the numbers."""
        shown = {key: level for key, level in self._reference.items() if key in self._lines}
        numbers = ", ".join(f"{self._lines[key][0]} {value_text(level)}" for key, level in shown.items())
        font, room = self.canvas.fontMetrics(), self.canvas.getPlotItem().getViewBox().width() - 24
        taken = font.horizontalAdvance(f"- - : {numbers}")
        name = font.elidedText(self._reference_text, Qt.TextElideMode.ElideRight, max(40, int(room - taken)))
        text = f"- - {name}: {numbers}" if numbers else ""
        if text != self._note.text:
            self._note.setText(text, color=theme.current().muted, size="9pt")

    # -- range -----------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all, and go on showing all as points come."""
        self._fitted = True
        self._fit()

    def _zoomed(self, _mouse: object) -> None:
        self._fitted = False

    def _resized(self, _box: object) -> None:
        self._write_note()
        if self._fitted:
            self._fit()

    def _fit(self) -> None:
        histories = (self._history, *self._others.histories())
        levels = [v for key, v in self._reference.items() if key in self._lines]
        parts = [h.series[key].y for h in histories for key in self._lines]
        values = np.concatenate([*parts, np.array(levels, dtype=np.float64)])
        values = values[np.isfinite(values)]
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        room = 0.06 * (high - low) or max(0.1 * abs(high), 1e-6)
        end, top = max(h.end(self._axis) for h in histories) or 1.0, high + room
        bottom = min(low - room, self._note.floor(min(levels), top)) if levels else low - room
        self.canvas.setRange(xRange=(0.0, end * 1.02), yRange=(bottom, top), padding=0)

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
        if self._axis == "time":
            return words.duration(60.0 * x)
        text = self.tr("epoch {0}") if self._axis == "epoch" else self.tr("step {0}")
        return text.format(f"{x:.1f}".removesuffix(".0") if self._axis == "epoch" else f"{x:,.0f}")
