"""A word from the desktop when a training has ended and nobody looks at the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget


class Notifier(QObject):
    """Speaks through the system's tray where there is one, and is silent where there is none.

    Signals:
        clicked: the person wants to see what it was about.
    """

    clicked = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> bool:
        """Show a notification unless the window is in use; returns whether one was shown."""
        if self._window.isActiveWindow() or not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        if not QSystemTrayIcon.supportsMessages():
            return False
        if self._tray is None:
            icon = self._window.style().standardIcon(self._window.style().StandardPixmap.SP_ComputerIcon)
            self._tray = QSystemTrayIcon(icon, self)
            self._tray.messageClicked.connect(self.clicked)
        self._tray.show()
        self._tray.showMessage(title, text)
        return True
