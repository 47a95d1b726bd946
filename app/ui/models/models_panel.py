"""The models of the library: which there are, what each is, and which one scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.library.models import ModelRow
from app.services.model_work import Pairs
from app.ui import words
from app.ui.models.models_table import ModelsModel
from app.ui.pieces import label, whole_rows

if TYPE_CHECKING:
    from app.ui.training.scatter import ScatterView


def _smaller(markdown: str) -> str:
    """Headings two levels down: the panel is no page."""
    return re.sub(r"^(#{1,4}) ", r"\1## ", markdown, flags=re.MULTILINE)


class ModelsPanel(QWidget):
    """List, and at its right the card of the chosen model or its scores against those of the one in use.

    Signals:
        activate_requested(str): score with this model from now on.
        add_requested: choose a bundle and add it.
        checkpoint_requested(str): choose published Efficient-FIQA weights (`student` or `teacher`) and add them.
        foreign_requested: choose a foreign ONNX file, declare its preprocessing, add it.
        extra_requested(str): add this extra score: a name, or '' to choose a fitted one's file.
        show_extra_requested(str): show this extra score; '' = none.
        measure_requested(str), export_requested(str), delete_requested(str): of this model.
        compare_requested(str): its scores against those of the model in use; answer with `show_comparison`.
        run_requested(int): show the run that it comes from.
        image_clicked(int): show this image.
    """

    activate_requested = Signal(str)
    add_requested = Signal()
    checkpoint_requested = Signal(str)
    foreign_requested = Signal()
    extra_requested = Signal(str)
    show_extra_requested = Signal(str)
    measure_requested = Signal(str)
    export_requested = Signal(str)
    delete_requested = Signal(str)
    compare_requested = Signal(str)
    run_requested = Signal(int)
    image_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = self._extra = ""
        self._scatter: ScatterView | None = None
        self.model = ModelsModel()
        self.table = self._table()
        self.card = QTextBrowser()
        self.card.setOpenLinks(False)  # a card is a stranger's text: nothing in it is fetched
        self.card.setAccessibleName(self.tr("Card of the chosen model"))
        self.card.anchorClicked.connect(self._follow)
        self.side = QStackedWidget()
        self.side.addWidget(self.card)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.side)
        parts.setSizes([680, 320])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        column.addWidget(parts, 1)
        self.set_models([], "")

    def _head(self) -> QHBoxLayout:
        self.title = label("", wrap=True)
        self.use = QPushButton(self.tr("Use this model"))
        self.use.setProperty("role", "primary")
        self.use.clicked.connect(self._use)
        self.add = QToolButton()
        self.add.setText(self.tr("Add a model…"))
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.add.clicked.connect(self.add_requested)
        self.add.setMenu(self._kinds())
        self.more = QToolButton()
        self.more.setText(self.tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._acts())
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.add)
        row.addWidget(self.more)
        row.addWidget(self.use)
        return row

    def _kinds(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("A bundle, and use it…")).triggered.connect(lambda: self.add_requested.emit())
        for arch, text in (
            ("student", self.tr("Efficient-FIQA weights of the student…")),
            ("teacher", self.tr("Efficient-FIQA weights of the teacher…")),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, arch=arch: self.checkpoint_requested.emit(arch))
        menu.addAction(self.tr("A foreign ONNX file…")).triggered.connect(lambda: self.foreign_requested.emit())
        self.extras = menu.addMenu(self.tr("An extra score"))
        for name, text in (
            ("niqe", self.tr("NIQE, without labels")),
            ("sharpness", self.tr("Laplacian sharpness")),
            ("filesize", self.tr("File size")),
            ("", self.tr("A fitted baseline (BRISQUE, a NIQE model)…")),
        ):
            act = self.extras.addAction(text)
            act.triggered.connect(lambda _=False, name=name: self.extra_requested.emit(name))
        return menu

    def _acts(self) -> QMenu:
        menu = QMenu(self)
        self.acts: dict[str, QAction] = {}
        for name, text, signal in (
            ("compare", self.tr("Compare its scores with those of the model in use"), self.compare_requested),
            ("measure", self.tr("Measure the speed here"), self.measure_requested),
            ("export", self.tr("Export the bundle…"), self.export_requested),
            ("delete", self.tr("Delete from the library…"), self.delete_requested),
        ):
            self.acts[name] = menu.addAction(text)
            self.acts[name].triggered.connect(lambda _=False, signal=signal: signal.emit(self.chosen()))
        return menu

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        header = whole_rows(table, 28)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setWordWrap(False)
        header.setSectionResizeMode(ModelsModel.NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(ModelsModel.LABELS, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(56)
        table.setColumnWidth(ModelsModel.NAME, 150)
        table.setColumnWidth(ModelsModel.LABELS, 132)
        table.setAccessibleName(self.tr("Models"))
        table.selectionModel().currentRowChanged.connect(self._show_card)
        table.activated.connect(self._use)
        return table

    def set_models(self, rows: Sequence[ModelRow], active_id: str) -> None:
        """Replace the list; the chosen model stays chosen, else the active one is."""
        chosen = self.chosen()
        self._active = active_id
        self.model.set_rows(rows, active_id)
        self.title.setText(
            self.tr("The scores of each model stay with it: changing back costs nothing.")
            if rows
            else self.tr("No model yet: add one, and the faces are scored.")
        )
        at = max(self.model.row_of(chosen), -1)
        if at < 0:
            at = self.model.row_of(active_id)
        if at >= 0:
            self.table.selectRow(at)
        self._show_card()

    def chosen(self) -> str:
        """Id of the chosen model, empty for none."""
        row = self.model.row(self.table.currentIndex().row())
        return row.id if row else ""

    def show_extra(self, model_id: str) -> None:
        """This extra score is on show beside the scores; '' = none."""
        self._extra = model_id
        self.model.show_extra(model_id)
        self._offer()

    def _offer(self) -> None:
        """What can be done with the chosen model."""
        row = self.model.row(self.table.currentIndex().row())
        other, extra = row is not None and row.id != self._active, row is not None and row.is_extra
        self.use.setEnabled(other)
        self.more.setEnabled(row is not None)
        for name, on in (("compare", other), ("delete", other), ("measure", not extra), ("export", not extra)):
            self.acts[name].setEnabled(on)
        self.use.setText(self.tr("Use this model"))
        self.use.setToolTip(self.tr("Scores everything with it. Scores of the other models are kept."))
        if row is not None and extra:
            shown = row.id == self._extra
            self.use.setText(self.tr("Hide the extra score") if shown else self.tr("Show as extra score"))
            self.use.setToolTip(self.tr("Beside the score of the model in use: on the tiles, as a sort, at the right."))

    def _show_card(self) -> None:
        row = self.model.row(self.table.currentIndex().row())
        self._offer()
        self.side.setCurrentWidget(self.card)
        if row is None:
            self.card.clear()
            return
        text = _smaller(str(row.card.get("card") or self.tr("This model came without a card.")))
        licence = str(row.card.get("licence") or self.tr("not stated"))
        origin = self.tr("Trained here: [show the run](run:{0})").format(row.run_id) if row.run_id else ""
        self.card.setMarkdown(f"{text}\n\n{self.tr('Licence')}: {licence}\n\n{origin}\n")

    def _follow(self, link: QUrl) -> None:
        """Only to a run of this library; a card is a stranger's text."""
        if link.scheme() == "run" and link.path().isdigit():
            self.run_requested.emit(int(link.path()))

    def show_comparison(self, pairs: Pairs, first: ModelRow, second: ModelRow) -> None:
        """Scores of two models, `first` along x; in the place of the card."""
        if self.chosen() != second.id:
            return  # another was chosen meanwhile
        alike = first.as_mos and second.as_mos
        self.comparison.show_pairs(pairs, first.name, second.name, same_scale=alike)
        self.said.setText(self._comparison_words(pairs, second))
        self.side.setCurrentIndex(1)

    @property
    def comparison(self) -> ScatterView:
        """Made when first needed: pyqtgraph takes half a second of the window's start."""
        if self._scatter is None:
            from app.ui.training.scatter import ScatterView

            self._scatter, self.said = ScatterView(), QLabel()
            self._scatter.image_clicked.connect(self.image_clicked)
            self.said.setProperty("role", "muted")
            self.said.setWordWrap(True)
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._scatter, 1)
            column.addWidget(self.said)
            self.side.addWidget(page)
        return self._scatter

    def _comparison_words(self, pairs: Pairs, second: ModelRow) -> str:
        if not pairs.of:
            if second.is_extra:
                return self.tr("No image has both yet: the extra score is computed in the background.")
            return self.tr("No image has a score of both. Use each once: scores stay with their model.")
        text = self.tr("{0} images have scores of both. A click on a point shows its image.")
        if pairs.of > len(pairs.first):
            text = self.tr("{1} of {0} images that have scores of both: those that differ most, and others at random.")
        return text.format(words.thousands(pairs.of), words.thousands(len(pairs.first)))

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        if self._scatter is not None:
            self._scatter.retheme()

    def _use(self) -> None:
        row = self.model.row(self.table.currentIndex().row())
        if row is not None and row.is_extra:
            self.show_extra_requested.emit("" if row.id == self._extra else row.id)
        elif row is not None and row.id != self._active:
            self.activate_requested.emit(row.id)
