"""Blind mode: no model score, no earlier label, a random order; always visible that it is on, and recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.library.columns import Columns
from app.library.query import Node, Not, Term
from app.library.query.asked import State
from app.ui.gallery.filtering import Floats

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_FIELDS: Final = frozenset(
    ("name", "path", "group", "split", "flag", "reason", "note", "problem", "width", "height", "pixels", "size", "date")
)
_STATES: Final = frozenset(("unlabelled", "missing", "problem", "flagged", "scored"))
"""What may be asked blind; whatever joins the language later may not until it stands here."""


def tells(node: Node) -> bool:
    """Whether a filter would tell scores or labels to somebody who must not see them."""
    if isinstance(node, Term):
        return node.test.name not in _STATES if isinstance(node.test, State) else node.field.name not in _FIELDS
    if isinstance(node, Not):
        return tells(node.node) or _asks_unlabelled(node.node)  # what is not unlabelled has a label
    return any(tells(each) for each in node.nodes)


def _asks_unlabelled(node: Node) -> bool:
    if isinstance(node, Term):
        return node.test == State("unlabelled")
    return any(_asks_unlabelled(each) for each in ((node.node,) if isinstance(node, Not) else node.nodes))


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
