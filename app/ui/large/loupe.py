"""One image, large, with the keys that go from image to image."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.ui.large.canvas import Canvas

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Space: 1,
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Backspace: -1,
    Qt.Key.Key_PageUp: -1,
}


def step_of(event: QKeyEvent) -> int:
    """How many images forward a key goes; 0 for every other key."""
    return _STEPS.get(Qt.Key(event.key()), 0) if event.modifiers() in _PLAIN else 0


class Loupe(Canvas):
    """Shows the current image.

    Signals:
        step_requested(int): go that many images forward.
        close_requested: back to the grid.
    """

    step_requested = Signal(int)
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Loupe"))
        self.setMinimumSize(QSize(240, 200))
        self.wheel_stepped.connect(self.step_requested)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.close_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := step_of(event):
            self.step_requested.emit(step)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)
