"""Where the stages of a run begin, as dotted lines with their names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.ui import theme
from app.ui.training import sentences
from app.ui.training.history import History
from app.ui.training.series import Axis

_NEAR: Final = 0.15
"""Share of the axis below which two names would cover each other; so they stand together at the first line."""
_LATE: Final = 0.75
"""Share of the axis beyond which a name stands before its line, to stay in the plot."""

_MARGIN: Final = 0.02
"""Between a name and the edge of the plot, as a share of its height."""
_GROUND_ALPHA: Final = 190


@dataclass(frozen=True)
class Mark:
    """What begins at `at` and just after it; `before` tells on which side of the line the names stand."""

    text: str
    """Names, one a line."""
    at: float
    before: bool
    lines: tuple[float, ...]
    """Where each of them begins."""


class StageMarks:
    """The lines of one plot, made anew only when they have changed. A run with one network has none."""

    def __init__(self, canvas: pg.PlotWidget, *, at_top: bool) -> None:
        """`at_top`: the curves rise, so names of what begins stand above them."""
        self._canvas, self._at_top = canvas, at_top
        self._items: list[pg.InfiniteLine] = []
        self.shown: list[Mark] = []

    def show(self, history: History, axis: Axis) -> None:
        """Mark the stages of a history along `axis`."""
        marks = _marks(history, axis) if len(history.boundaries) > 1 else []
        if marks != self.shown:
            self.clear()
            self.shown, self._items = marks, [item for mark in marks for item in self._draw(mark)]

    def clear(self) -> None:
        """Take all lines away; the next `show` draws them in the colours of the theme in force."""
        for item in self._items:
            self._canvas.removeItem(item)
        self.shown, self._items = [], []

    def _draw(self, mark: Mark) -> list[pg.InfiniteLine]:
        pen = pg.mkPen(theme.current().muted, style=Qt.PenStyle.DotLine)
        named = pg.InfiniteLine(mark.at, angle=90, pen=pen, label=mark.text, labelOpts=self._label(mark))
        items = [named, *(pg.InfiniteLine(at, angle=90, pen=pen) for at in dict.fromkeys(mark.lines) if at > mark.at)]
        for item in items:
            self._canvas.addItem(item, ignoreBounds=True)
        return items

    def _label(self, mark: Mark) -> dict[str, Any]:
        """Where curves begin the names keep clear of them; where they end, they have reached the other side."""
        now, top = theme.current(), self._at_top != mark.before
        corner = (1 if mark.before else 0, 0 if top else 1)
        ground = QColor(now.canvas)
        ground.setAlpha(_GROUND_ALPHA)
        place = {"position": 1 - _MARGIN if top else _MARGIN, "anchors": [corner, corner]}
        return {**place, "color": now.muted, "fill": ground}


def _marks(history: History, axis: Axis) -> list[Mark]:
    """Stages that learn nothing take no steps: along those they share the place of what follows them."""
    reach, found = history.end(axis), list[Mark]()
    for stage in history.stages:
        at, name = stage.at(axis), sentences.stage_mark(stage.stage)
        if found and at - found[-1].at <= _NEAR * reach:
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n{name}", lines=(*found[-1].lines, at))
        else:
            found.append(Mark(name, at, at > _LATE * reach, (at,)))
    return found
