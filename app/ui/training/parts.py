"""Small things that the retraining dialog is made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.ui import theme, words


def label(role: str, text: str = "", *, wrap: bool = True) -> QLabel:
    """A label of plain text in one of the theme's roles."""
    made = QLabel(text)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


def radio_style() -> str:
    """Rings that are seen on a dark ground too."""
    now = theme.current()
    return f"""
    QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {now.muted}; border-radius: 7px;
        background: {now.raised}; }}
    QRadioButton::indicator:checked {{ border: 4px solid {now.accent}; width: 6px; height: 6px;
        background: {now.accent_text}; }}
    QRadioButton::indicator:disabled {{ border-color: {now.line}; background: {now.window}; }}
    QRadioButton:focus {{ color: {now.accent}; }}
    """


def megabytes(amount: float) -> str:
    """Two digits are all that an estimate can say."""
    return words.file_size(int(float(f"{amount * 1e6:.2g}"))).replace(".0 ", " ")
