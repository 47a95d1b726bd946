"""Forget: what would go, what would still hold traces, and no way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from app.library.forget import Traces
from app.ui import words
from app.ui.pieces import label


class ForgetDialog(QDialog):
    """Counts first; nothing is removed before the button with the number is pressed.

    Signals:
        confirmed(bool): forget; True = remove the backups too.
    """

    confirmed = Signal(bool)

    def __init__(self, person: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Forget person") if person else self.tr("Forget images"))
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self.text = label(self.tr("Counting…"), wrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.text)
        self._traces_title = label(self.tr("Trainings and models that used them, and are left as they are:"), "muted")
        self.traces = QListWidget()
        self.traces.setAccessibleName(self.tr("Trainings and models that used the images"))
        column.addWidget(self._traces_title)
        column.addWidget(self.traces, 1)
        self.backups = QCheckBox(self.tr("Remove these backups too"))
        column.addWidget(self.backups)
        column.addStretch(1)
        self.warning = label(self.tr("⚠ This cannot be undone."), "warning")
        column.addWidget(self.warning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.forget = buttons.addButton(self.tr("Forget"), QDialogButtonBox.ButtonRole.DestructiveRole)
        self.forget.setEnabled(False)
        self.forget.clicked.connect(self._confirm)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        column.addWidget(buttons)
        for widget in (self._traces_title, self.traces, self.backups):
            widget.hide()

    def show_traces(self, traces: Traces) -> None:
        """Counted by now."""
        self.text.setText("\n".join(self._said(traces)))
        self.traces.clear()
        self.traces.addItems([self.tr("Training {0}").format(run.directory.name) for run in traces.runs])
        self.traces.addItems([self.tr("Model {0}").format(name) for name in traces.models])
        self.traces.addItems([self.tr("Stored list {0}").format(file.name) for file in traces.snapshots])
        for widget in (self._traces_title, self.traces):
            widget.setVisible(self.traces.count() > 0)
        if len(traces.backups) == 1:
            self.backups.setText(self.tr("Remove this backup too"))
        self.backups.setVisible(bool(traces.backups))
        one, several = self.tr("Forget 1 image"), self.tr("Forget {0} images")
        self.forget.setText(one if traces.images == 1 else several.format(words.thousands(traces.images)))
        self.forget.setEnabled(traces.images > 0)
        self.adjustSize()  # as high as what there is to say

    def _said(self, traces: Traces) -> list[str]:
        """What would go, and what would still hold something of it; without plurals, for every language."""
        number = words.thousands
        said = [
            self.tr("Will be forgotten: images: {0}, label events: {1}, scores: {2}.").format(
                number(traces.images), number(traces.events), number(traces.scores)
            ),
            self.tr("Thumbnails, cached pixels and features go too. The image files stay."),
        ]
        if traces.backups:
            text = self.tr("Backups from before that hold them, and can be removed too: {0}.")
            said.append(text.format(number(len(traces.backups))))
        if traces.runs:
            text = self.tr(
                "Trainings used them and keep their lists, and so does what was packed of them for another machine, "
                "images included: {0}."
            )
            said.append(text.format(number(len(traces.runs))))
        if traces.snapshots:
            text = self.tr("Stored training lists in 'snapshots' name them: {0}.")
            said.append(text.format(number(len(traces.snapshots))))
        if traces.unread:
            text = self.tr("These lists cannot be read, so nobody knows: {0}.")
            said.append(text.format(", ".join(map(str, traces.unread))))
        return said

    def _confirm(self) -> None:
        self.confirmed.emit(self.backups.isChecked())
        self.accept()
