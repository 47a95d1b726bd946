"""Small parts that several panels are made of."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QLabel, QSizePolicy, QSlider


class CalmSlider(QSlider):
    """A slider that the wheel does not move: scrolling the panel must not look like an opinion."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmBox(QDoubleSpinBox):
    """A number that the wheel does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A text in one of the theme's roles."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    made.setIndent(0)  # else a padding of the theme pushes a title to the right of what stands below it
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def line() -> QFrame:
    """A thin horizontal rule."""
    made = QFrame()
    made.setFixedHeight(1)
    made.setProperty("role", "line")
    return made
