"""The words that name a plot's dashed levels, in its lower right corner."""

from __future__ import annotations

from typing import Final

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPainter

from app.ui import theme

_ROOM_PX: Final = 4
"""Between the words and the lowest level."""


class LevelNote(pg.LabelItem):  # type: ignore[misc]
    """On a ground of its own, so that a line that passes when somebody looks closer does not strike it through."""

    def __init__(self, box: pg.ViewBox) -> None:
        """`box`: where it stands."""
        super().__init__(justify="right")
        self._box = box
        self.setParentItem(box)
        self.anchor(itemPos=(1, 1), parentPos=(1, 1), offset=(-6, 0))

    def paint(self, painter: QPainter, *_: object) -> None:
        if self.text:
            painter.fillRect(self.itemRect(), QColor(theme.current().canvas))

    def floor(self, lowest: float, top: float) -> float:
        """Where a y-axis that ends at `top` must begin, so that the level `lowest` passes above the words."""
        share = (self.itemRect().height() + _ROOM_PX) / max(1.0, self._box.height())
        return lowest if share >= 0.5 else (lowest - share * top) / (1.0 - share)
