"""Labels from a file: choose columns and scale, see the dry run, accept. Nothing is written before that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.desk import Desk
from app.ui.histogram import Histogram

_LISTED: Final = 500
_GUESS: Final = None


class ImportDialog(QDialog):
    """One file's way into the library.

    `plan` is the dry run on show, None while it is being made or impossible.
    """

    def __init__(self, desk: Desk, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._file = desk, file
        self.plan: Any = None
        self._asked = 0
        self.setWindowTitle(self.tr("Import labels from {0}").format(file.name))
        self.resize(620, 620)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(self._form())
        self._report = QLabel()
        self._report.setWordWrap(True)
        column.addWidget(self._report)
        column.addWidget(_muted(self.tr("How the values fall on the scale of the library (0 worst, 1 best):")))
        self._histogram = Histogram()
        self._histogram.setEnabled(False)
        column.addWidget(self._histogram)
        self._lines_title = _muted(self.tr("Lines that are not used:"))
        self._lines = QListWidget()
        self._lines.setAccessibleName(self.tr("Lines that are not used"))
        column.addWidget(self._lines_title)
        column.addWidget(self._lines, 1)
        column.addWidget(self._buttons())
        self._again = QTimer(self, singleShot=True, interval=200)
        self._again.timeout.connect(self._dry_run)
        desk.table_header(file, self._show_header, self._show_error)
        self._dry_run()

    # -- building ----------------------------------------------------------------------------------

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        self._path_column, self._score_column = QComboBox(), QComboBox()
        for box in (self._path_column, self._score_column):
            box.addItem(self.tr("(found automatically)"), _GUESS)
            box.currentIndexChanged.connect(self._changed)
        self._low, self._high = _bound(0.0), _bound(1.0)
        for bound in (self._low, self._high):
            bound.valueChanged.connect(self._changed)
        self._match = _choice(
            self._changed,
            ("auto", self.tr("path, then name, then name without extension")),
            ("path", self.tr("path")),
            ("name", self.tr("file name")),
            ("stem", self.tr("file name without extension")),
            ("hash", self.tr("content (sha256)")),
        )
        self._conflict = _choice(
            self._count,
            ("mine", self.tr("keep the label that is there")),
            ("theirs", self.tr("take the one from the file")),
            ("rater", self.tr("add the file as one more rater")),
        )
        scale = QHBoxLayout()
        for widget in (QLabel(self.tr("worst")), self._low, QLabel(self.tr("best")), self._high):
            scale.addWidget(widget)
        scale.addStretch(1)
        form.addRow(self.tr("Image names in"), self._path_column)
        form.addRow(self.tr("Scores in"), self._score_column)
        form.addRow(self.tr("Scale of the file"), scale)
        form.addRow(self.tr("Match by"), self._match)
        form.addRow(self.tr("Where labels differ"), self._conflict)
        return form

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._accept = buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._accept.setProperty("role", "primary")
        self._accept.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    # -- the dry run -------------------------------------------------------------------------------

    def _changed(self, *_: object) -> None:
        self.plan = None
        self._accept.setEnabled(False)
        self._again.start()

    def _dry_run(self) -> None:
        self._asked += 1
        number = self._asked
        self._report.setText(self.tr("Reading…"))
        self._desk.plan_import(
            self._file,
            lambda plan: self._show_plan(plan) if number == self._asked else None,
            lambda text: self._show_error(text) if number == self._asked else None,
            path_column=self._path_column.currentData(),
            score_column=self._score_column.currentData(),
            scale=(self._low.value(), self._high.value()),
            match=self._match.currentData(),
        )

    def _show_header(self, header: list[str]) -> None:
        for box in (self._path_column, self._score_column):
            box.blockSignals(True)
            for name in header:
                box.addItem(name, name)
            box.blockSignals(False)

    def _show_plan(self, plan: Any) -> None:
        self.plan = plan
        self._report.setText(plan.text)
        self._report.setProperty("role", "")
        self._histogram.set_values(np.array([m.mos for m in plan.matched], dtype=np.float32))
        self._lines.clear()
        for skip in plan.skipped[:_LISTED]:
            self._lines.addItem(self.tr("line {0}: {1} – {2}").format(skip.line, skip.text, skip.reason))
        more = len(plan.skipped) - _LISTED
        if more > 0:
            self._lines.addItem(self.tr("… and {0} more").format(more))
        for widget in (self._lines, self._lines_title):
            widget.setVisible(bool(plan.skipped))
        self._conflict.setEnabled(bool(plan.conflicts))
        self._count()

    def _count(self, *_: object) -> None:
        """How many labels would be written, with the answer to conflicts that is chosen."""
        if self.plan is None:
            return
        kept = len(self.plan.conflicts) if self._conflict.currentData() == "mine" else 0
        count = len(self.plan.matched) - kept
        self._accept.setText(self.tr("Import {0} labels").format(f"{count:,}"))
        self._accept.setEnabled(count > 0)

    def _show_error(self, text: str) -> None:
        self.plan = None
        self._report.setText(f"⚠ {text}")
        self._histogram.set_values(np.empty(0, dtype=np.float32))
        self._lines.clear()
        self._accept.setEnabled(False)

    @property
    def report(self) -> str:
        """What the dry run said."""
        return self._report.text()

    def accept(self) -> None:
        """Write what the dry run has shown, as one act."""
        if self.plan is not None and self._accept.isEnabled():
            self._desk.apply_import(self.plan, self._conflict.currentData())
            super().accept()


def _bound(value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-1e6, 1e6)
    box.setDecimals(2)
    box.setValue(value)
    box.setMinimumWidth(90)
    return box


def _choice(changed: Callable[..., object], *items: tuple[str, str]) -> QComboBox:
    box = QComboBox()
    for key, title in items:
        box.addItem(title, key)
    box.currentIndexChanged.connect(changed)
    return box


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return label
