"""The status bar: what was said last at the left; saving, counts, scoring, model, run and rater at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, QTime, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QStyle, QStyleOption, QWidget

from app.ui import words

_MARGIN: Final = 6
"""Beside a passing message, in pixels; Qt's own."""


class Status(QStatusBar):
    """The permanent facts of the session.

    Signals:
        rater_clicked: change who labels.
        problems_clicked: show the unreadable files.
    """

    rater_clicked = Signal()
    problems_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.messageChanged.connect(self.setToolTip)
        self._saved, self._counts, self._scoring = QLabel(), QLabel(), QLabel()
        self._model, self._run = QLabel(), QLabel()
        self._model_words = self._scale_words = ""
        self._bar = QProgressBar()
        self._bar.setFixedWidth(110)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Scoring"))
        self._problems = _flat(QPushButton())
        self._problems.clicked.connect(self.problems_clicked)
        self._rater = _flat(QPushButton())
        self._rater.setToolTip(self.tr("Who labels. Click to change."))
        self._rater.clicked.connect(self.rater_clicked)
        for widget in (
            self._saved,
            self._counts,
            self._problems,
            self._bar,
            self._scoring,
            self._model,
            self._run,
            self._rater,
        ):
            self.addPermanentWidget(widget)
        for widget in (self._bar, self._problems, self._run):
            widget.hide()

    def room(self) -> QRect:
        """Where a passing message stands: up to the first of the permanent facts."""
        facts = [child.x() for child in self.findChildren(QWidget) if child.isVisible()]
        return self.rect().adjusted(_MARGIN, 0, min(facts, default=self.width()) - self.width() - _MARGIN, 0)

    def told(self) -> str:
        """The passing message as it is painted: where it is cut, dots say so, and the tip has all of it."""
        return self.fontMetrics().elidedText(self.currentMessage(), Qt.TextElideMode.ElideRight, self.room().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As Qt does, which cuts a long message in the middle of a letter."""
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        painter.setPen(self.palette().windowText().color())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(self.room(), int(flags), self.told())

    def say(self, text: str, ms: int = 8000) -> None:
        """A passing message."""
        self.showMessage(text, ms)

    def show_saved(self) -> None:
        """The last act is on the disk."""
        self._saved.setText(self.tr("✓ saved {0}").format(QTime.currentTime().toString("HH:mm:ss")))

    def show_counts(self, selected: int, shown: int, total: int) -> None:
        """Selection and filter."""
        n = words.thousands
        self._counts.setText(self.tr("{0} selected · {1} of {2} shown").format(n(selected), n(shown), n(total)))

    def show_reading(self) -> None:
        """There is more than what is on the screen, and it is not counted yet."""
        self._counts.setText(self.tr("reading the library…"))

    def show_scoring(self, done: int, total: int, rate: float) -> None:
        """`rate` in images per second."""
        running = done < total
        self._bar.setVisible(running)
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        n = words.thousands
        if running:
            self._scoring.setText(self.tr("scoring {0}/{1} · {2} img/s").format(n(done), n(total), f"{rate:.0f}"))
        else:
            self._scoring.setText(self.tr("all scored") if total else "")

    def show_paused(self) -> None:
        """Scoring waits."""
        self._scoring.setText(self.tr("scoring paused"))

    def show_model(self, name: str, provider: str) -> None:
        """Which model scores, on what."""
        self._model_words = f"{name} · {provider}" if provider else name
        self._show_model()

    def show_scale(self, text: str, tip: str = "") -> None:
        """On which scale its scores are shown, and what that means; empty: raw."""
        self._scale_words = text
        self._model.setToolTip(tip)
        self._show_model()

    def _show_model(self) -> None:
        self._model.setText(" · ".join(filter(None, (self._model_words, self._scale_words))))

    def show_run(self, text: str) -> None:
        """Where the training stands; empty = none."""
        self._run.setText(text)
        self._run.setVisible(bool(text))

    def show_rater(self, name: str) -> None:
        """Who labels."""
        self._rater.setText(name)

    def show_problems(self, count: int) -> None:
        """How many files could not be read."""
        self._problems.setText(self.tr("⚠ Problems: {0}").format(words.thousands(count)))
        self._problems.setVisible(count > 0)


def _flat(button: QPushButton) -> QPushButton:
    button.setFlat(True)
    button.setStyleSheet("border: 0; padding: 2px 8px;")
    return button
