"""A comparison on show: the table above; what is said of it, the scatter of the chosen system and a face below."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.services import worker
from app.services.comparison import read_face
from app.ui.comparison.scatter import NOTHING, PredictionScatter
from app.ui.comparison.table import SystemsModel
from app.ui.large.canvas import Canvas
from app.ui.pieces import label
from engine.benchmark import words
from engine.benchmark.kept import Comparison, Prediction
from engine.errors import UserError
from engine.image import Pixels


class ComparisonPage(QWidget):
    """Shows one comparison. `find(path)` gives the id of a library's image, -1 where it has none.

    Signals:
        image_chosen(int): an image of the library.
    """

    image_chosen = Signal(int)

    def __init__(self, find: Callable[[Path], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._shown: Comparison | None = None
        self.model = SystemsModel()
        self.table = self._table()
        self.words = QTextBrowser()
        self.words.setAccessibleName(self.tr("What is said of the comparison"))
        self.scatter = PredictionScatter()
        self.scatter.chosen.connect(self._show_image)
        self.face = Canvas()
        self.face.setAccessibleName(self.tr("Face of the chosen point"))
        self.said = label(self.tr("A click on a point shows its face."), "muted", wrap=True)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.face, 1)
        column.addWidget(self.said)
        lower = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.words, self.scatter, side):
            lower.addWidget(part)
        lower.setSizes([380, 460, 280])
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(lower)
        parts.setSizes([300, 360])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.verticalHeader().setDefaultSectionSize(26)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(SystemsModel.REMARKS, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)  # as in the paper, until a column is clicked
        table.setAccessibleName(self.tr("Systems"))
        table.selectionModel().currentRowChanged.connect(lambda *_: self._show_system())
        return table

    def show_comparison(self, found: Comparison) -> None:
        """Show it, with the best system that has converged chosen."""
        self._shown = found
        self.scatter.mark(NOTHING)
        self.face.expect(NOTHING)
        self.said.setText(self.tr("A click on a point shows its face."))
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        self.model.set_entries(found.systems)
        self.choose(_best(found))

    def choose(self, key: str) -> None:
        """Choose a system by its key."""
        row = self.model.row_of(key)
        if row >= 0:
            self.table.selectRow(row)

    def _show_system(self) -> None:
        entry = self.model.entry(self.table.currentIndex().row())
        if entry is None or self._shown is None:
            return
        self.words.setHtml(_html(self._shown, str(entry["title"]), self.model.remarks(entry)))
        mos, scores = self._shown.points(entry["key"])
        self.scatter.show_points(str(entry["title"]), mos, scores, [p.path.name for p in self._shown.test])

    def _show_image(self, number: int) -> None:
        """The face of a point; in the gallery too, when the library has it."""
        assert self._shown is not None
        chosen = self._shown.test[number]
        image_id = self._find(chosen.path)
        self.said.setText(self._about(chosen, image_id))
        self.face.expect(number)
        job = worker.start(read_face, chosen.path)
        job.returned.connect(lambda pixels: self._show_face(number, pixels))
        job.errored.connect(lambda error: self._show_fault(number, error))
        if image_id >= 0:
            self.image_chosen.emit(image_id)

    def _about(self, chosen: Prediction, image_id: int) -> str:
        where = (
            self.tr("In the library: chosen in the gallery.")
            if image_id >= 0
            else self.tr("Not in this library: shown from its file.")
        )
        entry = self.model.entry(self.table.currentIndex().row())
        score = chosen.scores.get(entry["key"], math.nan) if entry else math.nan
        numbers = self.tr("MOS {0}, {1} {2}").format(
            words.number(chosen.mos, 2), entry["title"] if entry else "", words.number(score, 3)
        )
        return f"{chosen.path.name}\n{numbers}\n{where}"

    def _show_face(self, number: int, pixels: Pixels) -> None:
        if number == self.scatter.current:
            self.face.show_image(number, pixels)

    def _show_fault(self, number: int, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        if number == self.scatter.current:
            self.face.show_failure(number, str(error))

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        self.scatter.retheme()
        self.face.update()


def _best(found: Comparison) -> str:
    """The converged system with the highest SRCC; else the first one."""
    fair = [e for e in words.ran(found.results) if e["numbers"]["converged"] and e["numbers"]["srcc"]["value"] > -2]
    if not fair:
        return str(found.systems[0]["key"]) if found.systems else ""
    return str(max(fair, key=lambda e: e["numbers"]["srcc"]["value"])["key"])


def _html(found: Comparison, system: str, remarks: str) -> str:
    """What must be said of the chosen system, then of them all; where it comes from in small print."""
    crosses = [line for line in words.footnotes(found.results) if line.startswith("✗")]
    parts = [*words.labels(found.results), *words.order(found.results), *crosses]
    lines = [f"<b>{escape(system)}</b>: {escape(remarks)}", *map(escape, parts)]
    lines += [f"<small>{escape(line)}</small>" for line in words.origin(found.results)]
    return "".join(f"<p>{line}</p>" for line in lines)
