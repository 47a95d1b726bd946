"""Where the tiles of the gallery lie: all are equal, so every position is arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect

from app.ui.gallery.delegate import CAPTION, PADDING

GAP: Final = 8
SMALLEST, LARGEST = 96, 360
"""Sides of the square picture area, in pixels."""


@dataclass(frozen=True)
class Grid:
    """Tiles of a wanted side in rows of a width, all in pixels. `scroll` is how far the top of the screen lies down."""

    width: int
    side: int
    """Wanted side of the picture area; it is stretched a little so that a row fills the width."""

    @property
    def columns(self) -> int:
        """Tiles in a row: as many as fit best."""
        return max(1, round((self.width - GAP) / (self.side + 2 * PADDING + GAP)))

    @property
    def pitch_x(self) -> int:
        """From one tile to the next in its row."""
        return max(SMALLEST, (self.width - GAP) // self.columns)

    @property
    def pitch_y(self) -> int:
        """From one row to the next."""
        return self.pitch_x - PADDING + CAPTION

    @property
    def picture_side(self) -> int:
        """Side of the picture area as it comes out."""
        return self.pitch_x - GAP - 2 * PADDING

    def rect(self, position: int, scroll: int) -> QRect:
        """Where a position lies on the screen."""
        row, column = divmod(position, self.columns)
        left, top = GAP + column * self.pitch_x, GAP + row * self.pitch_y - scroll
        return QRect(left, top, self.pitch_x - GAP, self.pitch_y - GAP)

    def position_at(self, point: QPoint, scroll: int, count: int) -> int:
        """Which of `count` positions lies under a point of the screen, -1 for none."""
        row = (point.y() + scroll - GAP) // self.pitch_y
        column = (point.x() - GAP) // self.pitch_x
        position = row * self.columns + column
        inside = 0 <= column < self.columns and 0 <= position < count
        return position if inside and self.rect(position, scroll).contains(point) else -1

    def first_visible(self, scroll: int) -> int:
        """First position on the screen."""
        return scroll // self.pitch_y * self.columns

    def last_visible(self, scroll: int, height: int) -> int:
        """Last position on a screen of a height; it may lie beyond the end."""
        return ((scroll + height) // self.pitch_y + 1) * self.columns - 1

    def height(self, count: int) -> int:
        """Of all rows together."""
        return -(-count // self.columns) * self.pitch_y + GAP

    def scroll_to(self, position: int) -> int:
        """How far to scroll so that the row of a position is at the top."""
        return position // self.columns * self.pitch_y
