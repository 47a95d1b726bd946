"""Save diagnostics: what goes in, and whether names do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.ui.pieces import label


class DiagnosticsDialog(QDialog):
    """Asks before anything is written.

    Signals:
        save_requested(bool): choose a place and write; True = with names.
    """

    save_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save diagnostics"))
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        inside = self.tr(
            "One zip file for whoever looks after the program: versions, the log of the window, your settings, this "
            "machine, and how the last trainings stand. No image, no score and no label goes in, and nothing is sent."
        )
        column.addWidget(label(inside, wrap=True))
        self.names = QCheckBox(self.tr("Include names of files, folders and people"))
        column.addWidget(self.names)
        note = self.tr("Without them each name is replaced by a token that is the same wherever that name stands.")
        column.addWidget(label(note, "muted", wrap=True))
        column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = buttons.addButton(self.tr("Save…"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def accept(self) -> None:
        """Announce and close."""
        super().accept()
        self.save_requested.emit(self.names.isChecked())
