"""A note on one image or on several."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget


class NoteDialog(QDialog):
    """Text that goes with an image; empty takes the note away. Ctrl+Enter keeps it.

    The note of one image is awaited: nothing can be written or saved before `show_note`.
    """

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
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
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setTabChangesFocus(True)
        column.addWidget(self.text, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return), self, self.save.click)
        self._allow(count > 1)

    def _allow(self, on: bool) -> None:
        self.text.setReadOnly(not on)  # it keeps the focus, so that no key goes to a button meanwhile
        self.save.setEnabled(on)

    def show_note(self, text: str) -> None:
        """The note that is stored; it may be changed now."""
        self.text.setPlainText(text)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._allow(True)

    def chosen(self) -> str:
        """The text without outer spaces."""
        return self.text.toPlainText().strip()
