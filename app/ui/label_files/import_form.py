"""What a person says about a label file: its layout, columns and scale, how lines find images, who wins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.library.exchange.registry import LAYOUTS
from app.library.exchange.scale import FIVE, HUNDRED, JOD, UNIT, Z_SCORE, Scale, parse_scale
from app.ui.below import told
from app.ui.setup.preferences import Preferences

_OTHER: Final = "other"
_LEAST_WIDTH: Final = 90


class ImportForm(QWidget):
    """The questions.

    Signals:
        changed(): the file must be read again.
        answered(): only what happens to it differs.
    """

    changed = Signal()
    answered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        layouts = [(name, told(layout.title)) for name, layout in LAYOUTS.items()]
        self.layout_box = _choice(self._changed, ("auto", self.tr("(recognised automatically)")), *layouts)
        self.path_column, self.score_column = (
            _choice(self._changed, (None, self.tr("(found automatically)"))) for _ in range(2)
        )
        self.scale_box = _choice(
            self._scale_changed,
            ("", self.tr("the layout's own")),
            (UNIT.text, self.tr("0 worst to 1 best")),
            (FIVE.text, self.tr("1 worst to 5 best")),
            (HUNDRED.text, self.tr("0 worst to 100 best")),
            (JOD.text, self.tr("JOD, each scene on its own")),
            (Z_SCORE.text, self.tr("z-score")),
            (_OTHER, self.tr("other…")),
        )
        self.scale_box.setAccessibleName(self.tr("Scale of the file"))
        self.low, self.high = _bound(0.0, self._changed), _bound(1.0, self._changed)
        self.low.setAccessibleName(self.tr("Worst value"))
        self.high.setAccessibleName(self.tr("Best value"))
        self.match = _choice(
            self._changed,
            ("auto", self.tr("path, then name, then name without extension")),
            ("path", self.tr("path")),
            ("name", self.tr("file name")),
            ("stem", self.tr("file name without extension")),
            ("hash", self.tr("content (sha256)")),
        )
        self.conflict = _choice(
            self._conflict_changed,
            ("mine", self.tr("keep the label that is there")),
            ("theirs", self.tr("take the one from the file")),
            ("rater", self.tr("add the file as one more rater")),
        )
        self.rater = QLineEdit()
        self.rater.setPlaceholderText(self.tr("named after the label set"))
        self.rater.setMaxLength(80)
        form.addRow(self.tr("Layout"), self.layout_box)
        form.addRow(self.tr("Image names in"), self.path_column)
        form.addRow(self.tr("Scores in"), self.score_column)
        form.addRow(self.tr("Scale of the file"), self._scale_row())
        form.addRow(self.tr("Match by"), self.match)
        form.addRow(self.tr("Where labels differ"), self.conflict)
        form.addRow(self.tr("Rater"), self.rater)
        self._form = form
        self._show_ends()
        self._conflict_changed()

    def _scale_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.scale_box, 1)
        self._ends = (QLabel(self.tr("worst")), self.low, QLabel(self.tr("best")), self.high)
        for widget in self._ends:
            row.addWidget(widget)
        return row

    # -- answers -----------------------------------------------------------------------------------

    def options(self) -> dict[str, Any]:
        """For `plan_import`."""
        return {
            "layout": self.layout_box.currentData(),
            "path_column": self.path_column.currentData(),
            "score_column": self.score_column.currentData(),
            "scale": self._scale(),
            "match": self.match.currentData(),
        }

    @property
    def adds_rater(self) -> bool:
        """Whether the file becomes somebody's opinion."""
        return bool(self.conflict.currentData() == "rater")

    def _scale(self) -> Scale | tuple[float, float] | None:
        chosen = self.scale_box.currentData()
        if chosen == _OTHER:
            return self.low.value(), self.high.value()
        return parse_scale(chosen) if chosen else None

    def show_columns(self, names: Sequence[str]) -> None:
        """Offer the columns of the file; one with these columns is read as it was last time."""
        self._key = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16] if names else ""
        for box in (self.path_column, self.score_column):
            box.blockSignals(True)
            for name in names:
                box.addItem(name, name)
            box.setEnabled(bool(names))
            box.blockSignals(False)
        profile = Preferences().import_profile(self._key) if self._key else {}
        for name, box in self._remembered().items():
            index = box.findData(profile[name]) if profile.get(name) else -1
            if index >= 0:
                box.blockSignals(True)
                box.setCurrentIndex(index)
                box.blockSignals(False)
        self._restore_ends(profile)

    def _restore_ends(self, profile: dict[str, str]) -> None:
        for name, bound in (("low", self.low), ("high", self.high)):
            if name in profile:
                bound.blockSignals(True)
                bound.setValue(float(profile[name]))
                bound.blockSignals(False)
        self._show_ends()

    def remember(self) -> None:
        """Keep the answers for the next file with these columns."""
        if self._key:
            profile = {name: str(box.currentData() or "") for name, box in self._remembered().items()}
            ends = {"low": str(self.low.value()), "high": str(self.high.value())}
            Preferences().save_import_profile(self._key, profile | ends)

    def _remembered(self) -> dict[str, QComboBox]:
        return {
            "layout": self.layout_box,
            "path": self.path_column,
            "score": self.score_column,
            "scale": self.scale_box,
            "match": self.match,
        }

    # -- reactions ---------------------------------------------------------------------------------

    def _changed(self, *_: object) -> None:
        self.changed.emit()

    def _scale_changed(self, *_: object) -> None:
        self._show_ends()
        self.changed.emit()

    def _show_ends(self) -> None:
        for widget in self._ends:
            widget.setVisible(self.scale_box.currentData() == _OTHER)

    def _conflict_changed(self, *_: object) -> None:
        self._form.setRowVisible(self.rater, self.adds_rater)
        self.answered.emit()


def _bound(value: float, changed: Callable[..., object]) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-1e6, 1e6)
    box.setDecimals(2)
    box.setValue(value)
    box.setMinimumWidth(_LEAST_WIDTH)
    box.valueChanged.connect(changed)
    return box


def _choice(changed: Callable[..., object], *items: tuple[str | None, str]) -> QComboBox:
    box = QComboBox()
    for key, title in items:
        box.addItem(title, key)
    box.currentIndexChanged.connect(changed)
    return box
