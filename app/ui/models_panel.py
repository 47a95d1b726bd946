"""The models of the library: which there are, what each is, and which one scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.library.models import ModelRow

Index = QModelIndex | QPersistentModelIndex
_ABSENT: Final = "–"


class ModelsModel(QAbstractTableModel):
    """Rows of models, the newest first."""

    NAME, IN_USE, CREATED, SIZE, LABELS, SRCC = range(6)
    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ModelRow] = []
        self._active = ""

    def set_rows(self, rows: Sequence[ModelRow], active: str) -> None:
        """Replace all rows; given with the oldest first."""
        self.beginResetModel()
        self._rows, self._active = list(reversed(rows)), active
        self.endResetModel()

    def row(self, number: int) -> ModelRow | None:
        """The model of a row, None beyond the rows."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def row_of(self, model_id: str) -> int:
        """-1 where it is not listed."""
        return next((k for k, row in enumerate(self._rows) if row.id == model_id), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        titles = (
            self.tr("Model"),
            self.tr("In use"),
            self.tr("Made"),
            self.tr("Input"),
            self.tr("Learned from"),
            self.tr("Test SRCC"),
        )
        return titles[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.ToolTipRole and column in (self.NAME, self.LABELS):
            return f"{row.name}\n{row.arch}\n{row.id}" if column == self.NAME else row.card.get("label_provenance")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        texts = {
            self.NAME: row.name,
            self.IN_USE: self.tr("✓ in use") if row.id == self._active else "",
            self.CREATED: _day(str(row.card.get("created") or row.created_at)),
            self.SIZE: f"{row.input_size} px",
            self.LABELS: str(row.card.get("label_provenance") or _ABSENT),
            self.SRCC: test_srcc(row.card),
        }
        return texts[column]


def test_srcc(card: dict[str, Any]) -> str:
    """SRCC on the test split that the card states, with the number of its images."""
    found = (card.get("metrics") or {}).get("test") or {}
    value, count = found.get("srcc"), found.get("n")
    if value is None:
        return _ABSENT
    return f"{float(value):.3f}" + (f" (n = {int(count):,})" if count else "")


def _day(iso: str) -> str:
    when = QDateTime.fromString(iso, Qt.DateFormat.ISODateWithMs).toLocalTime()
    return QLocale().toString(when, "d MMM yyyy") if when.isValid() else iso


def _smaller(markdown: str) -> str:
    """Headings two levels down: the panel is no page."""
    return re.sub(r"^(#{1,4}) ", r"\1## ", markdown, flags=re.MULTILINE)


class ModelsPanel(QWidget):
    """List and card.

    Signals:
        activate_requested(str): score with this model from now on.
        add_requested: choose a bundle and add it.
    """

    activate_requested = Signal(str)
    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = ""
        self.model = ModelsModel()
        self.table = self._table()
        self.card = QTextBrowser()
        self.card.setOpenLinks(False)  # a card is a stranger's text: nothing in it is fetched
        self.card.setAccessibleName(self.tr("Card of the chosen model"))
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.card)
        parts.setSizes([660, 340])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        column.addWidget(parts, 1)
        self.set_models([], "")

    def _head(self) -> QHBoxLayout:
        self.title = QLabel()
        self.use = QPushButton(self.tr("Use this model"))
        self.use.setProperty("role", "primary")
        self.use.setToolTip(self.tr("Scores everything with it. Scores of the other models are kept."))
        self.use.clicked.connect(self._use)
        self.add = QPushButton(self.tr("Add a model…"))
        self.add.clicked.connect(self.add_requested)
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.add)
        row.addWidget(self.use)
        return row

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().setDefaultSectionSize(28)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(ModelsModel.NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(ModelsModel.LABELS, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(96)
        table.setColumnWidth(ModelsModel.NAME, 180)
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

    def _show_card(self) -> None:
        row = self.model.row(self.table.currentIndex().row())
        self.use.setEnabled(row is not None and row.id != self._active)
        if row is None:
            self.card.clear()
            return
        text = _smaller(str(row.card.get("card") or self.tr("This model came without a card.")))
        licence = str(row.card.get("licence") or self.tr("not stated"))
        self.card.setMarkdown(f"{text}\n\n{self.tr('Licence')}: {licence}\n")

    def _use(self) -> None:
        chosen = self.chosen()
        if chosen and chosen != self._active:
            self.activate_requested.emit(chosen)
