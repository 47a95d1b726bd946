"""The list of training runs: what became of each, choose one to see its curves, resume one that stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QItemSelectionModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme, words
from app.ui.training import sentences
from app.ui.training.run_info import LETTERS, WORKING, RunInfo

Index = QModelIndex | QPersistentModelIndex
_WHEN: Final = int(Qt.ItemDataRole.UserRole)
_STATUS: Final = _WHEN + 1
_NUMBERS: Final = _WHEN + 2
_LETTER: Final = _WHEN + 3


class RunsModel(QAbstractListModel):
    """Runs, the newest first."""

    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RunInfo] = []
        self._letters: dict[str, str] = {}

    def set_compared(self, directories: Sequence[str]) -> None:
        """Runs that are drawn beside the chosen one get the letter that their curves have."""
        self._letters = dict(zip(directories, LETTERS, strict=False))
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def set_rows(self, rows: Sequence[RunInfo]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def put(self, info: RunInfo) -> int:
        """Replace the row of this directory, or insert it at the top. Returns its row."""
        row = self.row_of(info.directory)
        if row < 0:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self.rows.insert(0, info)
            self.endInsertRows()
            return 0
        if self.rows[row] != info:
            self.rows[row] = info
            self.dataChanged.emit(self.index(row), self.index(row))
        return row

    def row_of(self, directory: str) -> int:
        """-1 where it is not listed."""
        return next((k for k, info in enumerate(self.rows) if info.directory == directory), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        info = self.rows[index.row()]
        texts = {
            int(Qt.ItemDataRole.DisplayRole): info.title,
            _WHEN: _when(info.started),
            _STATUS: self._status(info),
            _NUMBERS: _numbers(info),
            _LETTER: self._letters.get(info.directory, ""),
        }
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return "\n".join(text for text in texts.values() if text)
        return texts.get(int(role))

    def _status(self, info: RunInfo) -> str:
        name = sentences.status_name(info.status)
        if not info.epochs or info.status == "done":
            return name
        return self.tr("{0}, {1}/{2}").format(name, info.epoch, info.epochs)


def _when(iso: str) -> str:
    """'24 Nov 16:01' in the local zone."""
    when = QDateTime.fromString(iso, Qt.DateFormat.ISODateWithMs).toLocalTime()
    return QLocale().toString(when, words.tr("d MMM HH:mm"))


def _numbers(info: RunInfo) -> str:
    pairs = (("SRCC", info.srcc), ("PLCC", info.plcc))
    return " ".join(f"{name} {value:.3f}" for name, value in pairs if np.isfinite(value))


class RunsDelegate(QStyledItemDelegate):
    """Two lines: title and status; time and the best epoch's numbers."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, 2 * option.fontMetrics.height() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now = theme.current()
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, QColor(now.accent if not index.data(_LETTER) else now.raised))
            chosen = not index.data(_LETTER)
        inner = rect.adjusted(8, 5, -8, -5)
        text, faint = (now.accent_text, now.accent_text) if chosen else (now.text, now.muted)
        font = QFont(option.font)
        top, bottom, right = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignRight
        for left_role, right_role, align, ink, bold in (
            (Qt.ItemDataRole.DisplayRole, _STATUS, top, text, True),
            (_WHEN, _NUMBERS, bottom, faint, False),
        ):
            beside = str(index.data(right_role))
            font.setBold(False)
            self._line(painter, inner, font, faint, beside, align | right)
            taken = painter.fontMetrics().horizontalAdvance(beside) + 6
            font.setBold(bold)
            self._line(painter, inner.adjusted(0, 0, -taken, 0), font, ink, _left(index, left_role), align)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, room: QRect, font: QFont, ink: str, text: str, align: Qt.AlignmentFlag) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(align), elided)


def _left(index: Index, role: int) -> str:
    letter = str(index.data(_LETTER)) if role == Qt.ItemDataRole.DisplayRole else ""
    return f"{letter} · {index.data(role)}" if letter else str(index.data(role))


class RunsView(QWidget):
    """The list with its Resume button.

    Signals:
        run_selected(str): a run directory was chosen by hand.
        compared_changed(list): run directories that are selected beside the chosen one.
        resume_requested(str): go on with this run.
    """

    run_selected = Signal(str)
    compared_changed = Signal(list)
    resume_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RunsModel()
        heading = QLabel(self.tr("Runs"))
        heading.setProperty("role", "heading")
        self.resume = QPushButton(self.tr("Resume"))
        self.resume.setToolTip(self.tr("Go on from the last whole epoch of the chosen run."))
        self.resume.clicked.connect(lambda: self.resume_requested.emit(self.selected()))
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(RunsDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Training runs"))
        self.list.setToolTip(self.tr("Ctrl+click (or Ctrl+Space) draws further runs beside the chosen one."))
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._compare())
        self.nothing = QLabel(self.tr("No training yet."))
        self.nothing.setProperty("role", "muted")
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.resume)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        self._refresh()

    def set_runs(self, rows: Sequence[RunInfo]) -> None:
        """Replace the list; the chosen run stays chosen."""
        chosen = self.selected()
        self.model.set_rows(rows)
        self.select(chosen)
        self._refresh()

    def put(self, info: RunInfo) -> None:
        """Add a run or bring its row up to date."""
        self.model.put(info)
        self._refresh()

    def info(self, directory: str) -> RunInfo | None:
        """The row of a run."""
        row = self.model.row_of(directory)
        return self.model.rows[row] if row >= 0 else None

    def select(self, directory: str) -> None:
        """Choose a run without announcing it."""
        row = self.model.row_of(directory)
        if row >= 0:
            picker = self.list.selectionModel()
            picker.blockSignals(True)
            picker.setCurrentIndex(self.model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)
            picker.blockSignals(False)
            self.list.viewport().update()
        self._refresh()

    def selected(self) -> str:
        """The chosen run directory, empty for none."""
        row = self.list.currentIndex().row()
        return self.model.rows[row].directory if 0 <= row < len(self.model.rows) else ""

    def _chosen(self, current: QModelIndex) -> None:
        self._refresh()
        if current.isValid():
            self.run_selected.emit(self.selected())

    def compared(self) -> list[str]:
        """The run directories that are selected beside the chosen one, from the top."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [self.model.rows[row].directory for row in rows if row != self.list.currentIndex().row()]

    def _compare(self) -> None:
        compared = self.compared()
        self.model.set_compared(compared)
        self.compared_changed.emit(compared)

    def _refresh(self) -> None:
        some = bool(self.model.rows)
        self.list.setVisible(some)
        self.nothing.setVisible(not some)
        info = self.info(self.selected())
        self.resume.setVisible(info is not None and info.can_resume)
        self.resume.setEnabled(not any(row.status in WORKING for row in self.model.rows))
