"""The table of a comparison: a row for each system, sorted by any column; what has no number comes last."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.benchmark import words

Index = QModelIndex | QPersistentModelIndex
Entry = Mapping[str, Any]
KEY: Final = Qt.ItemDataRole.UserRole
_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column:
    """`name` is a key of an entry or of its numbers; `text` writes the number."""

    name: str
    text: Callable[[Any], str]
    factor: float = 1.0


def _with_interval(cell: Any) -> str:
    return words.with_interval(cell)


COLUMNS: Final = (
    Column("srcc", _with_interval),
    Column("plcc", _with_interval),
    Column("krcc", lambda cell: words.number(cell["value"], 3)),
    Column("rmse_cal", lambda cell: words.number(cell["value"], 3)),
    Column("params", lambda value: words.number(value, 2), 1e-6),
    Column("gmacs", lambda value: words.number(value, 2)),
    Column("file_ms", lambda value: words.number(value, 1)),
    Column("n", lambda value: f"{value:,}"),
)


class SystemsModel(QAbstractTableModel):
    """Systems in the order of the table, until it is sorted."""

    TITLE, SRCC, PLCC, KRCC, RMSE, PARAMS, GMACS, MS, COUNT, REMARKS = range(10)
    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The system of a row, None beyond the rows."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, key: str) -> int:
        """-1 where it is not listed."""
        return next((k for k, entry in enumerate(self._entries) if entry["key"] == key), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return self.REMARKS + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips().get(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section in (self.TITLE, self.REMARKS) else _MIDDLE  # the arrow of the sort is at the right
        return self._titles()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def _titles(self) -> tuple[str, ...]:
        first = (self.tr("System"), "SRCC", "PLCC", "KRCC", "RMSE")
        return (*first, self.tr("Parameters (M)"), "GMACs", self.tr("ms a file"), "n", self.tr("Remarks"))

    def _tips(self) -> dict[int, str]:
        return {
            self.SRCC: self.tr("Rank correlation with the labels of split test, with its 95 % interval"),
            self.PLCC: self.tr("Linear correlation, raw, with its 95 % interval"),
            self.KRCC: self.tr("Kendall's tau-b"),
            self.RMSE: self.tr("Error after a logistic curve fitted on split cal or val"),
            self.GMACS: self.tr("Multiply-accumulates of one image, in billions: the paper's GFLOPs"),
            self.MS: self.tr("From file to score, one thread, median"),
            self.COUNT: self.tr("Test images with a score"),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry, column = self._entries[index.row()], index.column()
        if role == KEY:
            return entry["key"]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column not in (self.TITLE, self.REMARKS):
            return _RIGHT
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._tip(entry, column) or None
        return None

    def _text(self, entry: Entry, column: int) -> str:
        if column == self.TITLE:
            return f"{entry['title']} ✗" if is_unconverged(entry) else str(entry["title"])
        if column == self.REMARKS:
            return self.remarks(entry)
        spec = COLUMNS[column - 1]
        value = _value(entry, spec.name)
        if value is None:
            return words.DASH
        return spec.text(value * spec.factor if spec.factor != 1.0 else value)

    def _tip(self, entry: Entry, column: int) -> str:
        if column in (self.TITLE, self.REMARKS):
            return self.remarks(entry)
        return words.why_dash(entry, COLUMNS[column - 1].name)

    def remarks(self, entry: Entry) -> str:
        """What must be said of a row; why it has no numbers."""
        said = words.remarks({"systems": [entry]})
        return said[0].partition(": ")[2] if said else ""

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Numbers by size, texts by alphabet; what has no number last in either direction."""
        down = order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._entries[index.row()]["key"] for index in before]
        if column in (self.TITLE, self.REMARKS):
            self._entries.sort(key=lambda e: self._text(e, column).casefold(), reverse=down)
        else:
            name, sign = COLUMNS[column - 1].name, -1 if down else 1
            self._entries.sort(key=lambda e: (math.isnan(size(e, name)), sign * _or_zero(size(e, name))))
        after = [self.index(self.row_of(key), index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()


def is_unconverged(entry: Entry) -> bool:
    """Whether a row is kept out of every statement about order."""
    return bool(entry["numbers"]) and not entry["numbers"]["converged"]


def size(entry: Entry, name: str) -> float:
    """The number under a name, NaN where there is none."""
    value = _value(entry, name)
    if isinstance(value, Mapping):
        value = value["value"]
    return math.nan if value is None else float(value)


def _value(entry: Entry, name: str) -> Any:
    found = entry["numbers"]
    if found is None:
        return None
    return found[name] if name in found else entry.get(name)


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value
