"""A MOS to the hundredth: slider, number in the library's scale, and the scale beside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.ui import scale
from app.ui.pieces import CalmBox, CalmSlider, label

_STEPS = 100


class ExactValue(QWidget):
    """Takes one number.

    Signals:
        chosen(float): a MOS in [0, 1] that the person meant.
        settled: with that the person is done here; keys on the slider may be followed by more.
    """

    chosen = Signal(float)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.slider = CalmSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setAccessibleName(self.tr("MOS"))
        self.box = CalmBox()
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setKeyboardTracking(False)
        self.box.setFixedSize(76, 30)
        self.box.setAccessibleName(self.tr("Exact MOS"))
        self.scale_shown = label("", "muted")
        self.slider.valueChanged.connect(self._preview)
        self._pressed_at = 0
        self.slider.sliderPressed.connect(self._pressed)
        self.slider.sliderReleased.connect(self._released)
        self.slider.actionTriggered.connect(self._slider_key)
        self.box.editingFinished.connect(self._edited)
        self._box_shown = 0.0
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)
        row.addWidget(self.scale_shown)
        self.follow_scale()

    def follow_scale(self) -> None:
        """The library shows its numbers on another scale now."""
        value, present = self.slider.value() / _STEPS, scale.current()
        with QSignalBlocker(self.box):
            self.box.setRange(present.low, present.high)
            self.box.setDecimals(max(present.decimals, 2) if present.high - present.low < 50 else 1)
            self.box.setSingleStep((present.high - present.low) / _STEPS)
        self.scale_shown.setText(present.name)
        self.scale_shown.setToolTip(self.tr("Worst and best value of this library's scale (Preferences)"))
        self.show_value(value)

    def show_value(self, value: float) -> None:
        """A quality in [0, 1]; NaN shows the middle."""
        value = 0.5 if math.isnan(value) else min(1.0, max(0.0, value))
        with QSignalBlocker(self.slider), QSignalBlocker(self.box):
            self.slider.setValue(round(value * _STEPS))
            self.box.setValue(scale.current().shown(value))
        self._box_shown = self.box.value()

    def _preview(self, value: int) -> None:
        with QSignalBlocker(self.box):
            self.box.setValue(scale.current().shown(value / _STEPS))

    def _pressed(self) -> None:
        self._pressed_at = self.slider.value()

    def _released(self) -> None:
        if self.slider.value() != self._pressed_at:
            self.chosen.emit(self.slider.value() / _STEPS)
        self.settled.emit()

    def _slider_key(self, action: int) -> None:
        if action != QSlider.SliderAction.SliderMove.value:
            self.chosen.emit(self.slider.sliderPosition() / _STEPS)

    def _edited(self) -> None:
        # Enter is always meant. When the box merely loses its focus only a changed number is an opinion.
        value = self.box.value()
        if self.box.hasFocus() or value != self._box_shown:
            entered, self._box_shown = self.box.hasFocus(), value
            self.chosen.emit(min(1.0, max(0.0, scale.current().inside(value))))
            if entered:
                self.settled.emit()
