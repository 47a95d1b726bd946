"""The panels around the gallery: where they stand, how they are shown, hidden, reset and remembered."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QTabWidget, QWidget

from app.ui.setup.preferences import Preferences

_AREA: Final = Qt.DockWidgetArea
_SIZE: Final = (1440, 900)
_FRAME, _TITLE_BAR = 8, 40
"""What a window manager needs beside and above; before a window is shown nobody knows how much."""
_SIDES: Final = (232, 288)
_QUIET: Final = 190
_BUSY: Final = 320
"""Height of the lower dock without and with a training to watch."""


def first_size(room: QSize) -> QSize:
    """Of a new window on a screen with this room: with a frame round it, so that its status bar does not hang out."""
    return QSize(*_SIZE).boundedTo(room - QSize(_FRAME, _TITLE_BAR))


class Docks(QObject):
    """Left: where to look. Right: the image and its label. Below: training, models, problems, in tabs.

    The lower dock tells scores and labels. While it is covered, whatever shows it is kept as a wish.

    Signals:
        said(str): a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(self, window: QMainWindow, left: QWidget, right: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._covered = self._wished = False
        self._before_full = QByteArray()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._left = self._add("browse", self.tr("Browse"), left, _AREA.LeftDockWidgetArea)
        self._right = self._add("label", self.tr("Image and label"), _scrolling(right), _AREA.RightDockWidgetArea)
        self._lower = self._add("lower", self.tr("Training, models, problems"), self.tabs, _AREA.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, _AREA.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea)

    def _add(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(f"dock_{name}")
        dock.setWidget(widget)
        dock.setTitleBarWidget(QWidget())  # the panels have their own headings; this saves their height
        self._window.addDockWidget(area, dock)
        return dock

    def _all(self) -> tuple[QDockWidget, ...]:
        return (self._left, self._right, self._lower)

    def show_tab(self, panel: QWidget) -> None:
        """Bring a panel of the lower dock to the front."""
        self._show_lower(True)
        self.tabs.setCurrentWidget(panel)
        if self._covered:
            self.said.emit(self.tr("The panels below tell scores and labels: they come back when blind mode ends."))

    def next_tab(self) -> None:
        """Ctrl+Tab."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())

    def make_room(self, panel: QWidget) -> None:
        """Curves need height: show the panel and grow the lower dock if it is low."""
        self.show_tab(panel)
        if self.tabs.height() < _BUSY and not self._covered:
            self._window.resizeDocks([self._lower], [_BUSY], Qt.Orientation.Vertical)

    def toggle(self) -> None:
        """Hide all panels, or show them all again."""
        show = not any(dock.isVisible() for dock in self._all())
        for dock in (self._left, self._right):
            dock.setVisible(show)
        self._show_lower(show)

    def cover(self, on: bool) -> None:
        """Blind: the lower dock is hidden whatever happens, and comes back as it was or was wished meanwhile."""
        self._covered = on
        self._lower.toggleViewAction().setDisabled(on)
        if on:
            self._show_lower(not self._lower.isHidden())
        elif self._before_full.isEmpty():
            self._take_wish()

    def _show_lower(self, on: bool) -> None:
        self._wished = on and self._covered
        self._lower.setVisible(on and not self._covered)

    def _take_wish(self) -> None:
        self._show_lower(self._wished or not self._lower.isHidden())

    def hide_all(self) -> None:
        """Leave the room to the faces until `bring_back`."""
        self._before_full = self._window.saveState()
        for dock in self._all():
            dock.hide()

    def bring_back(self) -> None:
        """All panels as they were before `hide_all`."""
        self._window.restoreState(self._before_full)
        self._before_full = QByteArray()
        self._take_wish()

    def reset(self) -> None:
        """As after the installation."""
        if QGuiApplication.platformName() == "offscreen":  # pictures are taken there; its small screen is nobody's
            self._window.resize(*_SIZE)
        else:
            self._window.resize(first_size(self._window.screen().availableGeometry().size()))
        areas = (_AREA.LeftDockWidgetArea, _AREA.RightDockWidgetArea, _AREA.BottomDockWidgetArea)
        for dock, area in zip(self._all(), areas, strict=True):
            self._window.addDockWidget(area, dock)
            dock.show()
        self._show_lower(True)
        self._window.resizeDocks([self._left, self._right], list(_SIDES), Qt.Orientation.Horizontal)
        self._window.resizeDocks([self._lower], [_QUIET], Qt.Orientation.Vertical)

    def save(self, preferences: Preferences) -> None:
        """Remember where all is."""
        preferences.save_layout(self._window.saveGeometry(), self._window.saveState())

    def restore(self, preferences: Preferences) -> None:
        """As it was last time, else as after the installation."""
        geometry, state = preferences.layout()
        if geometry.isEmpty() or not self._window.restoreGeometry(geometry) or not self._window.restoreState(state):
            self.reset()


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(276)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is inside takes the focus, and scrolls into sight
    return area
