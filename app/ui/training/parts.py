"""Small things that the retraining dialog is made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.ui import words


def label(role: str, text: str = "", *, wrap: bool = True) -> QLabel:
    """A label of plain text in one of the theme's roles."""
    made = QLabel(text)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


def megabytes(amount: float) -> str:
    """Two digits are all that an estimate can say."""
    return words.file_size(int(float(f"{amount * 1e6:.2g}"))).replace(".0 ", " ")
