"""F6: from one part of the window to the next by keyboard, round and round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


def to_next_part(window: MainWindow) -> None:
    """Faces, filter, views, label, lower panels; what is hidden or disabled is passed over."""
    parts = _parts(window)
    focus = QApplication.focusWidget()
    here = 0
    for number, (home, _) in enumerate(parts):
        if focus is not None and (focus is home or home.isAncestorOf(focus)):
            here = number
    for _, entry in (*parts[here + 1 :], *parts[: here + 1]):
        if entry.isVisible() and entry.isEnabled():
            entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def _parts(window: MainWindow) -> list[tuple[QWidget, QWidget]]:
    """Each part, and the control in it that takes the focus first."""
    central = window.central
    return [
        (central.images, central.faces),
        (central.bar, central.bar.box),
        (window.side, window.side.views),
        (window.rating, window.rating.opinions.reject),
        (window.docks.tabs, window.docks.tabs.tabBar()),
    ]
