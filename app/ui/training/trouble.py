"""A training that ended badly: why, the end of its log, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget


class TroubleView(QWidget):
    """Message, log, buttons.

    Signals:
        resume_requested: go on from the last checkpoint.
    """

    resume_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setProperty("role", "warning")
        self.text.setWordWrap(True)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(self.tr("The last lines of the log"))
        self.resume = QPushButton(self.tr("Resume"))
        self.resume.setProperty("role", "primary")
        self.resume.clicked.connect(self.resume_requested)
        self.copy = QPushButton(self.tr("Copy report"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report()))
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.copy)
        row.addWidget(self.resume)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.log, 1)

    def show_trouble(self, text: str, log: str) -> None:
        """What happened, and the end of the log."""
        self.text.setText(text)
        self.log.setPlainText(log)
        self.log.setVisible(bool(log))
        self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def report(self) -> str:
        """Message and log as text."""
        return f"{self.text.text()}\n\n{self.log.toPlainText()}".strip()
