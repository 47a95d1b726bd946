"""Flag, note and the ratings of each person on one image."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.library.history import RaterValue
from app.ui import scale
from app.ui.pieces import label
from app.ui.rating.facts import Facts
from app.ui.rating.reason_menu import reason_title


class Opinions(QWidget):
    """Shows them; flag and note can be changed.

    Signals:
        flag_requested: reject with a reason.
        note_requested: write the note.
    """

    flag_requested = Signal()
    note_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        self.reject = QPushButton(self.tr("Reject…"))
        self.reject.clicked.connect(self.flag_requested)
        self.note = QPushButton(self.tr("Note…"))
        self.note.clicked.connect(self.note_requested)
        row.addWidget(self.reject, 1)
        row.addWidget(self.note, 1)
        column.addLayout(row)
        self.flag_shown, self.note_shown = label("", "warning", wrap=True), label("", wrap=True)
        self.ratings_title = label(self.tr("Ratings"), "section")
        self.ratings_shown = label("", wrap=True)
        for shown in (self.flag_shown, self.note_shown, self.ratings_title, self.ratings_shown):
            column.addWidget(shown)
        for text in (self.note_shown, self.ratings_shown):
            text.setTextFormat(Qt.TextFormat.PlainText)
        self.show_flag(Facts())
        self.show_note("")
        self.show_ratings([])

    def show_flag(self, facts: Facts) -> None:
        """The flag in force, and why."""
        titles = {"pick": self.tr("Picked"), "reject": self.tr("Rejected"), "unsure": self.tr("Unsure")}
        text = titles.get(facts.flag, facts.flag)
        if facts.reason:
            text += f": {reason_title(facts.reason)}"
        self.flag_shown.setText(f"⚑ {text}")
        self.flag_shown.setVisible(bool(facts.flag))

    def show_note(self, text: str) -> None:
        """The note of the image; '' = none."""
        self.note_shown.setText(f"✎ {text}")
        self.note_shown.setVisible(bool(text))

    def show_ratings(self, ratings: Sequence[RaterValue]) -> None:
        """Each person's rating in force."""
        number, blind = scale.current().number, self.tr("blind")
        lines = [f"{number(r.value)}  {r.rater}" + (f" ({blind})" if r.mode == "blind" else "") for r in ratings]
        self.ratings_shown.setText("\n".join(lines))
        for shown in (self.ratings_title, self.ratings_shown):
            shown.setVisible(bool(lines))
