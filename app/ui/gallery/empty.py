"""What stands where faces would: why there are none, and the button that changes it."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.pieces import label

Reason = Literal["new", "looking", "bare", "filtered"]
"""No folder yet; the folder is being read; there are no images in it; filters let nothing through."""


_LINE: Final = 440
"""Pixels of a line of the sentence: narrower than the faces' part of a small window."""


class EmptyState(QWidget):
    """A heading, a sentence, and what to do next.

    Signals:
        open_requested: choose a folder.
        samples_requested: show the faces that come with the program.
        clear_requested: take the filters away.
    """

    open_requested = Signal()
    samples_requested = Signal()
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self.heading, self.text = label("", "title"), label("", "muted", wrap=True)
        self.text.setFixedWidth(_LINE)
        for part in (self.heading, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        self.open, self.samples = QPushButton(self.tr("Open folder…")), QPushButton(self.tr("Look at sample faces"))
        self.clear = QPushButton(self.tr("Clear the filters"))
        self.open.setProperty("role", "primary")
        row.addStretch(1)
        for button, signal in (
            (self.open, self.open_requested),
            (self.samples, self.samples_requested),
            (self.clear, self.clear_requested),
        ):
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.show_reason("new")

    def show_reason(self, reason: Reason) -> None:
        """Say why there is nothing to see, and offer what helps."""
        self.reason = reason
        heading, text = {
            "new": (
                self.tr("Open a folder of face images"),
                self.tr("Or drop one here. Images are never copied, renamed or changed; nothing leaves this machine."),
            ),
            "looking": (self.tr("Looking for images…"), self.tr("Folders inside are read too.")),
            "bare": (
                self.tr("There are no images in this folder"),
                self.tr("JPEG, PNG, WebP, TIFF, BMP, GIF, JPEG 2000, AVIF and HEIC are read, in folders inside too."),
            ),
            "filtered": (
                self.tr("No image matches these filters"),
                self.tr("The view, the filter box, the brush over the scores and the folder narrow what is shown."),
            ),
        }[reason]
        self.heading.setText(heading)
        self.text.setText(text)
        self.open.setVisible(reason in ("new", "bare"))
        self.samples.setVisible(reason == "new")
        self.clear.setVisible(reason == "filtered")
