"""Small dialogs: who labels, complaints."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)


class RaterDialog(QDialog):
    """Asks for the name that goes with every label."""

    def __init__(self, present: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Who labels?"))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        text = self.tr("Your name is stored with each label you give, in the library on this machine only.")
        label = QLabel(text)
        label.setWordWrap(True)
        column.addWidget(label)
        self.name = QLineEdit(present)
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("Name"))
        self.name.textChanged.connect(self._changed)
        column.addWidget(self.name)
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column.addWidget(self._buttons)
        self.setMinimumWidth(360)
        self._changed(present)

    def _changed(self, text: str) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text.strip()))

    def chosen(self) -> str:
        """The name without outer spaces."""
        return self.name.text().strip()


def complain(parent: QWidget | None, title: str, text: str) -> None:
    """An error that stops what was asked, as one sentence with its remedy."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
