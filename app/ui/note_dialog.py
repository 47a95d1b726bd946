"""A note on one image or on several."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget


class NoteDialog(QDialog):
    """Text that goes with an image; empty takes the note away. Ctrl+Enter keeps it."""

    def __init__(self, count: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Note") if count == 1 else self.tr("Note on {0} images").format(count))
        self.resize(420, 220)
        column = QVBoxLayout(self)
        said = self.tr("What the next curator should know. An empty note is taken away.")
        if count > 1:
            said += " " + self.tr("It replaces the note of each of them.")
        hint = QLabel(said)
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        column.addWidget(hint)
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setTabChangesFocus(True)
        column.addWidget(self.text, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return), self, self.accept)

    def chosen(self) -> str:
        """The text without outer spaces."""
        return self.text.toPlainText().strip()
