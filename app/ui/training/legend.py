"""A row above a plot that names its lines by sample and word, with the value at the cursor or the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui import theme

Symbol = Literal["o", "s", "t", ""]
Hue = Literal["first", "second", "muted"]
_STYLES: Final = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dashdot": Qt.PenStyle.DashDotLine,
    "none": Qt.PenStyle.NoPen,
}


@dataclass(frozen=True)
class Look:
    """How a line is told from the others: hue, stroke and symbol, never hue alone."""

    hue: Hue
    stroke: Literal["solid", "dashed", "dashdot", "none"] = "solid"
    symbol: Symbol = ""
    filled: bool = True
    width: float = 1.8

    @property
    def colour(self) -> QColor:
        """In the theme in force."""
        return colour(self.hue)

    def pen(self) -> QPen:
        """A cosmetic pen for the line."""
        pen = QPen(self.colour, self.width, _STYLES[self.stroke])
        pen.setCosmetic(True)
        return pen

    def symbol_pen(self) -> QPen:
        """The outline of the symbol."""
        pen = QPen(self.colour, 1.4)
        pen.setCosmetic(True)
        return pen

    def symbol_fill(self) -> QColor:
        """Its inside: the hue, or the ground it stands on."""
        return self.colour if self.filled else QColor(theme.current().canvas)


def colour(hue: Hue) -> QColor:
    """Blue, orange or grey: a pair that colour-blind people tell apart too."""
    now = theme.current()
    return QColor({"first": now.accent, "second": now.grades[1], "muted": now.muted}[hue])


class _Sample(QWidget):
    """A short piece of the line."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(QSize(22, 14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(self._look.pen())
        painter.drawLine(QPointF(1, middle.y()), QPointF(self.width() - 1, middle.y()))
        painter.setPen(self._look.symbol_pen())
        painter.setBrush(self._look.symbol_fill())
        box = QRectF(middle.x() - 3.5, middle.y() - 3.5, 7, 7)
        if self._look.symbol == "o":
            painter.drawEllipse(box)
        elif self._look.symbol == "s":
            painter.drawRect(box)
        elif self._look.symbol == "t":
            painter.drawPolygon([box.topLeft(), box.topRight(), QPointF(box.center().x(), box.bottom())])


class LegendRow(QWidget):
    """Title, then per line a sample, its name and a value; at the right, where the cursor is."""

    def __init__(
        self, entries: Mapping[str, tuple[str, Look]], *, title: str = "", parent: QWidget | None = None
    ) -> None:
        """`entries`: key -> (name, look)."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._names = {key: name for key, (name, _) in entries.items()}
        self._texts: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(4)
        if title:
            heading = QLabel(title)
            heading.setProperty("role", "heading")
            row.addWidget(heading)
        for key, (name, look) in entries.items():
            row.addSpacing(5)
            row.addWidget(_Sample(look))
            self._texts[key] = QLabel(name)
            row.addWidget(self._texts[key])
        row.addStretch(1)
        self._at = QLabel()
        self._at.setProperty("role", "muted")
        row.addWidget(self._at)

    def set_value(self, key: str, value: str) -> None:
        """Show `value` behind the name."""
        self._texts[key].setText(f"{self._names[key]} {value}".rstrip())

    def text(self, key: str) -> str:
        """What stands there for one line."""
        return self._texts[key].text()

    def set_place(self, text: str) -> None:
        """Where along x the values are; empty: the last ones."""
        self._at.setText(text)
