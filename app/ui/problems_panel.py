"""Files that could not be read, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from app.ui import words
from app.ui.below import told

Index = QModelIndex | QPersistentModelIndex


class ProblemRow(Protocol):
    """What the library tells of one unreadable file."""

    @property
    def image_id(self) -> int: ...
    @property
    def path(self) -> object: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class FolderProblem:
    """A folder that could not be listed; its images are left as they were."""

    path: str
    reason: str
    image_id: int = -1


class ProblemsModel(QAbstractTableModel):
    """Rows of (file, reason)."""

    FILE, REASON = 0, 1
    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ProblemRow] = []

    def set_rows(self, rows: Sequence[ProblemRow]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def image_id(self, row: int) -> int:
        """The image of a row."""
        return self._rows[row].image_id

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self.tr("File") if section == self.FILE else self.tr("Why it could not be read")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        return str(row.path) if index.column() == self.FILE else told(row.reason)


class ProblemsPanel(QWidget):
    """The list of problems.

    Signals:
        image_chosen(int): show this image.
        retry_requested: read all of them again.
        count_changed(int): how many there are.
    """

    image_chosen = Signal(int)
    retry_requested = Signal()
    count_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        row = QHBoxLayout()
        self._title = QLabel()
        self._retry = QPushButton(self.tr("Try again"))
        self._retry.clicked.connect(self.retry_requested)
        row.addWidget(self._title, 1)
        row.addWidget(self._retry)
        column.addLayout(row)
        self._model = ProblemsModel()
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setColumnWidth(0, 460)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setAccessibleName(self.tr("Files that could not be read"))
        self.table.setTabKeyNavigation(False)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)
        column.addWidget(self.table, 1)
        column.addStretch(0)  # where there is no table, the sentence stands at the top as in the other tabs
        self._folders: list[ProblemRow] = []
        self._files: list[ProblemRow] = []
        self.show_problems([])

    def _clicked(self, index: QModelIndex) -> None:
        image_id = self._model.image_id(index.row())
        if image_id >= 0:
            self.image_chosen.emit(image_id)

    def show_folders(self, folders: Sequence[tuple[str, str]]) -> None:
        """(path, reason) of folders that the last scan could not list."""
        self._folders = [FolderProblem(path, reason) for path, reason in folders]
        self.show_problems(self._files)

    def show_problems(self, files: Sequence[ProblemRow]) -> None:
        """Replace the files; folders stay on top."""
        self._files = list(files)
        rows = [*self._folders, *self._files]
        self._model.set_rows(rows)
        one = self.tr("1 file or folder could not be read. It gets no score and is left out of training.")
        some = self.tr("{0} files or folders could not be read. They get no score and are left out of training.")
        told_ = one if len(rows) == 1 else some.format(words.thousands(len(rows)))
        self._title.setText(told_ if rows else self.tr("Every file could be read."))
        self._retry.setVisible(bool(rows))
        self.table.setVisible(bool(rows))
        self.count_changed.emit(len(rows))
