"""What was done to one image: who, when, from what to what, why. Undone entries stay, struck through and said so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QDateTime, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from app.library.history import Entry, Value
from app.ui import scale
from app.ui.below import told
from app.ui.rating.reason_menu import reason_title

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractTableModel):
    """One row per event, the newest first."""

    WHEN, WHO, WHAT, BEFORE, AFTER, WHY = range(6)
    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Entry] = []

    def set_rows(self, rows: Sequence[Entry]) -> None:
        """Replace all."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        head = (self.tr("When"), self.tr("Who"), self.tr("What"), self.tr("From"), self.tr("To"), self.tr("Why"))
        return head[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._rows[index.row()]
        if role == Qt.ItemDataRole.FontRole and entry.undone:
            font = QFont()
            font.setStrikeOut(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return told(entry.text)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            local_time(entry.at),
            entry.who,
            self._what(entry),
            shown(entry.before),
            shown(entry.after),
            reason_title(entry.why),
        )[index.column()]

    def _what(self, entry: Entry) -> str:
        kinds = {
            "correction": self.tr("Correction"),
            "rating": self.tr("Rating"),
            "flag": self.tr("Flag"),
            "note": self.tr("Note"),
            "split": self.tr("Split"),
            "group": self.tr("Person"),
            "imported": self.tr("Imported label"),
        }
        said = [kinds.get(entry.kind, entry.kind)]
        if entry.mode == "blind":
            said.append(self.tr("blind"))
        if entry.act == "undo":
            said.append(self.tr("by undo"))
        if entry.act == "redo":
            said.append(self.tr("by redo"))
        if entry.undone:
            said.append(self.tr("undone"))
        return ", ".join(said)


def local_time(at: str) -> str:
    """A stored UTC time as the clock on the wall shows it."""
    return QDateTime.fromString(at, Qt.DateFormat.ISODateWithMs).toLocalTime().toString("yyyy-MM-dd hh:mm:ss")


def shown(value: Value) -> str:
    """A MOS on the library's scale, a text as it is, a dash for nothing."""
    if value is None:
        return "–"
    return scale.current().number(value) if isinstance(value, float) else str(value)


class HistoryPanel(QWidget):
    """The table and one line above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        self.title = QLabel()
        column.addWidget(self.title)
        self.model = HistoryModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(self.tr("History of the image"))
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        column.addWidget(self.table, 1)
        column.addStretch(0)  # where there is no table, the sentence stands at the top as in the other tabs
        self.show_none()

    def show_history(self, name: str, entries: Sequence[Entry]) -> None:
        """All events of an image."""
        self.model.set_rows(entries)
        none = self.tr("{0}: nobody has labelled it yet.")
        one, some = self.tr("{0}: 1 entry."), self.tr("{0}: {1} entries, the newest first.")
        self.title.setText(
            (none, one)[len(entries)].format(name) if len(entries) < 2 else some.format(name, len(entries))
        )
        self.table.setVisible(bool(entries))

    def show_none(self) -> None:
        """No image is chosen."""
        self._empty(self.tr("Choose an image: what was done to it is listed here."))

    def show_blind(self) -> None:
        """Earlier labels are hidden."""
        self._empty(self.tr("Blind mode: the history is hidden."))

    def _empty(self, text: str) -> None:
        self.model.set_rows([])
        self.title.setText(text)
        self.table.hide()
