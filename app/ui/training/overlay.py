"""Other runs in the same plot: told apart by a letter at their end and by colour, their lines by stroke as ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg

from app.ui import theme
from app.ui.training.history import History
from app.ui.training.legend import Look
from app.ui.training.line import Line
from app.ui.training.run_info import LETTERS
from app.ui.training.series import Axis

_GRADES: Final = (3, 0, 4, 2)


@dataclass(frozen=True)
class Overlay:
    """Another run in the plot."""

    letter: str
    directory: str
    history: History


def colour(letter: str) -> str:
    """Of a run, in the theme in force."""
    return theme.current().grades[_GRADES[LETTERS.index(letter)]]


class Overlays:
    """The items of all other runs in one plot; drawn anew only when something about them has changed."""

    def __init__(self, canvas: pg.PlotWidget) -> None:
        self._canvas = canvas
        self._overlays: tuple[Overlay, ...] = ()
        self._lines: dict[tuple[str, str], Line] = {}
        self._letters: dict[str, pg.TextItem] = {}
        self._drawn: object = None

    def show(self, overlays: Sequence[Overlay], looks: Mapping[str, Look]) -> None:
        """Replace the runs, or the lines that are shown of them."""
        for line in self._lines.values():
            line.remove()
        for letter in self._letters.values():
            self._canvas.removeItem(letter)
        self._overlays, self._drawn = tuple(overlays), None
        self._lines = {
            (o.letter, key): Line(self._canvas, look, colour=colour(o.letter))
            for o in overlays
            for key, look in looks.items()
        }
        self._letters = {o.letter: pg.TextItem(o.letter, color=colour(o.letter), anchor=(1, 1)) for o in overlays}
        for letter in self._letters.values():
            self._canvas.addItem(letter, ignoreBounds=True)

    def draw(self, axis: Axis, weight: float) -> None:
        """Show them along `axis`."""
        state = (axis, weight, *(o.history.counts()["loss"] for o in self._overlays))
        if state == self._drawn:
            return
        self._drawn = state
        for overlay in self._overlays:
            last = None
            for (letter, key), line in self._lines.items():
                if letter == overlay.letter:
                    series = overlay.history.series[key]
                    line.draw(series, axis, weight)
                    known = np.flatnonzero(np.isfinite(series.y))
                    if last is None and len(known):
                        last = series.x(axis)[known[-1]], series.y[known[-1]]
            self._letters[overlay.letter].setVisible(last is not None)
            if last is not None:
                self._letters[overlay.letter].setPos(*last)

    def histories(self) -> list[History]:
        """Of the runs that are shown."""
        return [o.history for o in self._overlays]
