"""The models of the library as a table: one row each, extra scores among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QDateTime, QLocale, QModelIndex, QPersistentModelIndex, Qt

from app.library.models import ModelRow
from app.services.model_work import Cost
from app.ui import words

Index = QModelIndex | QPersistentModelIndex
_ABSENT: Final = "–"
_ORIGIN: Final = re.compile(r"\b(human\b|(?:imported|pseudo|weak)(?=:))")


class ModelsModel(QAbstractTableModel):
    """Rows of models, the newest first."""

    NAME, IN_USE, SRCC, LABELS, SPEED, SIZE, CREATED = range(7)
    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ModelRow] = []
        self._active = self._shown = ""
        self._costs: dict[str, Cost] = {}

    def set_cost(self, model_id: str, found: Cost) -> None:
        """What a model costs on this machine."""
        self._costs[model_id] = found
        row = self.row_of(model_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row, self.SPEED), self.index(row, self.SPEED))

    def show_extra(self, model_id: str) -> None:
        """Mark the extra score that is on show; '' = none."""
        self._shown = model_id
        if self._rows:
            self.dataChanged.emit(self.index(0, self.IN_USE), self.index(len(self._rows) - 1, self.IN_USE))

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
        return 7

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        titles = (
            self.tr("Model"),
            self.tr("In use"),
            self.tr("Test SRCC"),
            self.tr("Learned from"),
            self.tr("Here"),
            self.tr("Input, file"),
            self.tr("Made"),
        )
        return titles[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.ToolTipRole and column == self.SPEED:
            return self.tr("One picture on one core of this machine. Measured by More, Measure the speed here.")
        if role == Qt.ItemDataRole.ToolTipRole and column in (self.NAME, self.LABELS):
            return f"{row.name}\n{row.arch}\n{row.id}" if column == self.NAME else row.card.get("label_provenance")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        texts = {
            self.NAME: row.name,
            self.IN_USE: self._use(row),
            self.CREATED: _day(str(row.card.get("created") or row.created_at)),
            self.SIZE: self.tr("any size") if row.is_extra else f"{row.input_size} px, {_file_size(row)}",
            self.SPEED: self._speed(row.id),
            self.LABELS: self._learned_from(str(row.card.get("label_provenance") or _ABSENT)),
            self.SRCC: test_srcc(row.card),
        }
        return texts[column]

    def _learned_from(self, provenance: str) -> str:
        """The kinds of labels, those of the last layer first; how many, and of which rule, is in the tip."""
        kinds = {
            "human": self.tr("people"),
            "imported": self.tr("imported labels"),
            "pseudo": self.tr("pseudo-labels"),
            "weak": self.tr("weak labels"),
        }
        found = dict.fromkeys(kinds[origin] for origin in _ORIGIN.findall(provenance))
        return ", ".join(found) or provenance

    def _use(self, row: ModelRow) -> str:
        if row.is_extra:
            return self.tr("✓ extra") if row.id == self._shown else self.tr("extra")
        return self.tr("✓ in use") if row.id == self._active else ""

    def _speed(self, model_id: str) -> str:
        found = self._costs.get(model_id)
        return self.tr("{0} ms").format(f"{found.latency_ms:.1f}") if found else _ABSENT


def _file_size(row: ModelRow) -> str:
    try:
        return words.file_size(row.path.stat().st_size)
    except OSError:
        return _ABSENT


def test_srcc(card: dict[str, Any]) -> str:
    """SRCC on the test split that the card states, with the number of its images."""
    found = (card.get("metrics") or {}).get("test") or {}
    value, count = found.get("srcc"), found.get("n")
    if value is None:
        return _ABSENT
    return f"{float(value):.3f}" + (f" (n = {int(count):,})" if count else "")


def _day(iso: str) -> str:
    when = QDateTime.fromString(iso, Qt.DateFormat.ISODateWithMs).toLocalTime()
    return QLocale().toString(when, words.tr("d MMM yyyy")) if when.isValid() else iso
