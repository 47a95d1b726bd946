"""Labels from a file: say what it is, see the dry run, accept. Nothing is written before that."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.library.exchange.plan import ImportPlan
from app.services.desk import Desk
from app.ui.below import told
from app.ui.label_files.import_form import ImportForm
from app.ui.label_files.value_histogram import ValueHistogram

_LISTED: Final = 500
_PAUSE_MS: Final = 200
"""After the last change of an answer, before the file is read again."""


class ImportDialog(QDialog):
    """One file's way into the library.

    `plan` is the dry run on show, None while it is being made or impossible.
    """

    def __init__(self, desk: Desk, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._file = desk, file
        self.plan: ImportPlan | None = None
        self._asked = 0
        self.setWindowTitle(self.tr("Import labels from {0}").format(file.name))
        self.resize(680, 760)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self.form = ImportForm()
        column.addWidget(self.form)
        self.histogram = ValueHistogram()
        column.addWidget(self.histogram)
        self._report, self._notes = QLabel(), QLabel()
        self._notes.setProperty("role", "muted")
        for label in (self._report, self._notes):
            label.setWordWrap(True)
            column.addWidget(label)
        self.lines = QTreeWidget()
        self.lines.setHeaderLabels([self.tr("Line"), self.tr("Image"), self.tr("What is the matter")])
        self.lines.setAccessibleName(self.tr("Lines that need a look"))
        self.lines.setUniformRowHeights(True)
        place = QWidget()  # keeps its room, so that nothing jumps when there is nothing to list
        inside = QVBoxLayout(place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.lines)
        column.addWidget(place, 1)
        self.lines.hide()
        column.addWidget(self._buttons())
        self._again = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._again.timeout.connect(self._dry_run)
        self.form.changed.connect(self._changed)
        self.form.answered.connect(self._count)
        self._report.setText(self.tr("Reading…"))
        desk.table_header(file, self._show_header, self._show_error)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._accept = buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._accept.setProperty("role", "primary")
        self._accept.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    # -- the dry run -------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.plan = None
        self._asked += 1  # what is being read answers another question
        self._accept.setEnabled(False)
        self._report.setText(self.tr("Reading…"))
        self._again.start()

    def _dry_run(self) -> None:
        self._asked += 1
        number = self._asked
        self._desk.plan_import(
            self._file,
            lambda plan: self._show_plan(plan) if number == self._asked else None,
            lambda text: self._show_error(text) if number == self._asked else None,
            **self.form.options(),
        )

    def _show_header(self, header: list[str]) -> None:
        self.form.show_columns(header)
        self._dry_run()

    def _show_plan(self, plan: ImportPlan) -> None:
        self.plan = plan
        counts = self.tr("; ").join(told(part) for part in plan.counts)
        self._report.setText(self.tr("{0}, {1}: {2}.").format(plan.file.name, told(plan.report), counts))
        notes = (*map(told, plan.notes), *self._understood(plan))
        self._notes.setText("\n".join(self.tr("{0}.").format(f"{note[:1].upper()}{note[1:]}") for note in notes))
        values = np.asarray(plan.values, dtype=np.float64)
        self.histogram.show_values(values, plan.scale.low, plan.scale.high, ends=plan.scale.kind == "linear")
        self._list(plan)
        self.form.conflict.setEnabled(bool(plan.matched))
        self._count()

    def _understood(self, plan: ImportPlan) -> tuple[str, str]:
        columns = self.tr("Image names in '{0}', scores in '{1}'").format(plan.path_column, plan.score_column)
        return columns, self.tr("A value v becomes {0}").format(told(plan.scale.mapping))

    def _list(self, plan: ImportPlan) -> None:
        """One branch per kind, with its count."""
        self.lines.clear()
        titles = {
            "missing": self.tr("No such image"),
            "ambiguous": self.tr("More than one image"),
            "duplicate": self.tr("Image named twice"),
            "unreadable": self.tr("No number"),
            "out of scale": self.tr("Outside the scale"),
            "conflict": self.tr("Another label is there"),
            "empty": self.tr("No value"),
        }
        for what, found in plan.lists.items():
            if not found:
                continue
            branch = QTreeWidgetItem(self.lines, [f"{titles[what]} ({len(found):,})"])
            branch.setFirstColumnSpanned(True)
            for skip in found[:_LISTED]:
                QTreeWidgetItem(branch, [str(skip.line), skip.text, told(skip.reason)])
            if len(found) > _LISTED:
                more = QTreeWidgetItem(branch, [self.tr("… and {0} more").format(f"{len(found) - _LISTED:,}")])
                more.setFirstColumnSpanned(True)
            branch.setExpanded(len(found) <= _LISTED // 50)
        self.lines.setColumnWidth(0, 90)
        self.lines.setColumnWidth(1, 190)
        self.lines.setVisible(self.lines.topLevelItemCount() > 0)

    def _count(self) -> None:
        """How many labels would be written, with the answer to conflicts that is chosen."""
        if self.plan is None:
            return
        kept = len(self.plan.conflicts) if self.form.conflict.currentData() == "mine" else 0
        count = len(self.plan.matched) - kept
        one = self.tr("Import 1 label")
        self._accept.setText(one if count == 1 else self.tr("Import {0} labels").format(f"{count:,}"))
        self._accept.setEnabled(count > 0)

    def _show_error(self, text: str) -> None:
        self.plan = None
        self._report.setText(f"⚠ {told(text)}")
        self._notes.clear()
        self.histogram.show_values(np.empty(0), 0.0, 1.0, ends=True)
        self.lines.hide()
        self._accept.setEnabled(False)

    @property
    def report(self) -> str:
        """What the dry run said."""
        return self._report.text()

    def accept(self) -> None:
        """Write what the dry run has shown, as one act."""
        if self.plan is not None and self._accept.isEnabled():
            self.form.remember()
            rater = self.form.rater.text().strip() if self.form.adds_rater else ""
            self._desk.apply_import(self.plan, self.form.conflict.currentData(), rater)
            super().accept()
