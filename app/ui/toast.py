"""A passing note over the gallery, with Undo when there is something to undo."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

_MARGIN: Final = 20


class Toast(QFrame):
    """Appears at the bottom of its parent and goes by itself.

    Signals:
        undo_requested: take that back.
        action_requested: do what the button of `show_action` says.
    """

    undo_requested = Signal()
    action_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "toast")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._undo = QPushButton(self.tr("Undo"))
        self._undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._undo.clicked.connect(self._undone)
        row.addWidget(self._text)
        row.addWidget(self._undo)
        self._action = QPushButton()
        self._action.setAccessibleName(self.tr("Do what the message says"))
        self._action.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._action.clicked.connect(self._acted)
        row.addWidget(self._action)
        self._timer = QTimer(self, singleShot=True, interval=5000)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def show_text(self, text: str, *, undo: bool = False, warning: bool = False) -> None:
        """Show a sentence; a warning stays twice as long."""
        self.setProperty("warning", warning)
        self.style().polish(self)  # the theme's rule depends on it
        self._text.setText(text)
        self._undo.setVisible(undo)
        self._action.hide()
        self._timer.start(10_000 if warning else 5000)
        self._place()
        self.show()
        self.raise_()

    def show_action(self, text: str, button: str) -> None:
        """Show a sentence with a button; it stays twice as long."""
        self.show_text(text)
        self._action.setText(button)
        self._action.setAccessibleName(button)
        self._action.show()
        self._timer.start(10_000)
        self._place()

    def _acted(self) -> None:
        self.hide()
        self.action_requested.emit()

    def retire_undo(self) -> None:
        """Another act came after: the button would take back that one."""
        if self._undo.isVisible():
            self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _undone(self) -> None:
        self.hide()
        self.undo_requested.emit()

    def _place(self) -> None:
        """As wide as its words, at most as wide as the parent; then in as many lines as it takes."""
        parent = self.parentWidget()
        if parent is not None:
            words = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 8
            buttons = [button.sizeHint().width() for button in (self._undo, self._action) if not button.isHidden()]
            beside = sum(buttons) + len(buttons) * self._row.spacing() + 24
            self._text.setFixedWidth(max(80, min(words, parent.width() - 2 * _MARGIN - beside)))
            self._row.activate()
            self.adjustSize()
            self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - _MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
