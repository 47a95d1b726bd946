"""Blind mode: no model score, no earlier label, a random order; always visible that it is on, and recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.library.columns import Columns
from app.ui.gallery.filtering import Floats

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_TELLING: Final = re.compile(
    r"\b(score|student|mos|diff|difference|disagreement|suspect|spread|edited)\b", re.IGNORECASE
)


def tells(text: str) -> bool:
    """Whether a filter by this text would tell scores or labels to somebody who must not see them."""
    return bool(_TELLING.search(text))


class Banner(QFrame):
    """Above the faces for as long as it is on.

    Signals:
        end_requested: show everything again.
    """

    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 10, 5)
        self.text = QLabel(self.tr("◉ Blind mode: scores and earlier labels are hidden, the order is random."))
        self.end = QPushButton(self.tr("End"))
        self.end.setAccessibleName(self.tr("End blind mode"))
        self.end.clicked.connect(self.end_requested)
        row.addWidget(self.text, 1)
        row.addWidget(self.end)
        self.hide()


class Blind(QObject):
    """Turns one window blind and back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self._sort: tuple[str, bool] = (self._model.query.sort, self._model.query.descending)
        self._model.random = self._random
        self._desk.blind_changed.connect(self._apply)
        self._desk.rater_changed.connect(lambda _name: self._mix_again())
        window.central.banner.end_requested.connect(lambda: self._desk.set_blind(False))
        window.actions_["blind"].toggled.connect(self._desk.set_blind)

    def _random(self, columns: Columns) -> Floats:
        """float64 [N]: the place of each row in this session's random order."""
        order = self._desk.blind_order(columns.id.tolist())
        ranks = np.empty(len(columns), dtype=np.float64)
        ranks[columns.rows_of(order)] = np.arange(len(columns))
        return ranks

    def _mix_again(self) -> None:
        if self._desk.blind:
            self._model.shuffle()
            self._model.resort()

    def _apply(self, on: bool) -> None:
        window, query = self._window, self._model.query
        window.actions_["blind"].setChecked(on)
        window.actions_["accept"].setEnabled(not on)
        window.central.banner.setVisible(on)
        window.central.gallery.set_blind(on)
        window.central.bar.hide_sort(on)
        window.side.hide_scores(on)
        window.docks.cover(on)
        window.show_mode(self._desk.mode)
        if on:
            self._sort = (query.sort, query.descending)
            self._model.shuffle()
            window.browsing.show_nothing_telling()
        else:
            sort, descending = self._sort
            window.browsing.ask(sort=sort, descending=descending)
        window.central.comparing.refresh_captions()
        window.presenter.show_facts()
        window.presenter.show_undo()
        window.details.refresh()
