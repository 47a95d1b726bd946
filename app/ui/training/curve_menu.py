"""The button beside the curves: smoothing, all in sight, export."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget


class CurveMenu(QToolButton):
    """What can be done with the curves.

    Signals:
        smoothing_changed(float): weight of the mean (`series.smoothed`), 0: none.
        fit_requested: show all.
        export_requested(str): `png`, `svg`, `csv` or `tensorboard`.
    """

    smoothing_changed = Signal(float)
    fit_requested = Signal()
    export_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("View"))
        self.setAccessibleName(self.tr("Smoothing, zoom and export of the curves"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.setMenu(menu)
        self._add_smoothing(menu)
        menu.addSeparator()
        menu.addAction(self.tr("Show all")).triggered.connect(lambda: self.fit_requested.emit())
        menu.addSeparator()
        for kind, text in (
            ("png", self.tr("Save as PNG…")),
            ("svg", self.tr("Save as SVG…")),
            ("csv", self.tr("Save the numbers as CSV…")),
            ("tensorboard", self.tr("Write TensorBoard files…")),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, kind=kind: self.export_requested.emit(kind))

    def _add_smoothing(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        self.smoothing = {}
        for weight, text in (
            (0.0, self.tr("Raw values")),
            (0.6, self.tr("Smooth a little")),
            (0.9, self.tr("Smooth")),
            (0.98, self.tr("Smooth much")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(not weight)
            if weight:
                tip = self.tr("A running mean (weight {0}) before the raw values, which stay. Not below 10 points.")
                action.setToolTip(tip.format(weight))
            action.triggered.connect(lambda _=False, weight=weight: self.smoothing_changed.emit(weight))
            group.addAction(action)
            self.smoothing[weight] = action
