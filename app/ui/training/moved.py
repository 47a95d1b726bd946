"""What moved: the images whose score changes most from the active model to the new one."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from app.services import worker
from app.services.worker import Worker
from app.ui import words
from app.ui.pieces import whole_rows
from app.ui.pixels import to_pixmap
from app.ui.training.judgement import Predictions
from engine.image import ImageError, display_pixels, read_file

_FACE_PX: Final = 40
Index = QModelIndex | QPersistentModelIndex


class MovedModel(QAbstractTableModel):
    """Rows of images, the largest change first."""

    NAME, MOS, BEFORE, AFTER, CHANGE, NEARER = range(6)
    _ROOT: Final = QModelIndex()

    def __init__(self) -> None:
        super().__init__()
        self._predictions: Predictions | None = None
        self._order: npt.NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._faces: dict[str, QPixmap] = {}

    def paths(self) -> list[str]:
        """Of the rows, in their order."""
        return [self._predictions.paths[k] for k in self._order] if self._predictions else []

    def set_face(self, row: int, path: str, pixels: npt.NDArray[np.uint8]) -> None:
        """A small picture for a row has come; nothing where other rows are shown by now."""
        if row < len(self._order) and self.paths()[row] == path:
            self._faces[path] = to_pixmap(pixels)
            self.dataChanged.emit(self.index(row, self.NAME), self.index(row, self.NAME))

    def set_predictions(self, predictions: Predictions | None) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._predictions = predictions
        self._faces.clear()
        self._order = predictions.moved() if predictions else np.empty(0, dtype=np.intp)
        self.endResetModel()

    def image_id(self, row: int) -> int:
        """The image of a row, -1 where it is not of this library."""
        return int(self._predictions.image_ids[self._order[row]]) if self._predictions else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        titles = (
            self.tr("Image"),
            self.tr("MOS"),
            self.tr("Active"),
            self.tr("New"),
            self.tr("Change"),
            self.tr("Nearer to the MOS"),
        )
        return titles[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        found = self._predictions
        if found is None:
            return None
        row, column = int(self._order[index.row()]), index.column()
        if role == Qt.ItemDataRole.ToolTipRole:
            return found.paths[row]
        if role == Qt.ItemDataRole.DecorationRole and column == self.NAME:
            return self._faces.get(found.paths[row])
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column == self.NAME:
            return found.paths[row].replace("\\", "/").rsplit("/", 1)[-1]
        mos, before, after = (float(a[row]) for a in (found.mos, found.baseline, found.candidate))
        if column == self.NEARER:
            return self._nearer(mos, before, after)
        if column == self.CHANGE:
            return f"{'▲' if after > before else '▼'} {after - before:+.2f}".replace("-", "−")
        return words.number({self.MOS: mos, self.BEFORE: before, self.AFTER: after}[column])

    def _nearer(self, mos: float, before: float, after: float) -> str:
        new, old = round(abs(after - mos), 2), round(abs(before - mos), 2)
        if not np.isfinite(mos) or new == old:
            return "–"
        return self.tr("the new score") if new < old else self.tr("the active score")


class MovedView(QWidget):
    """The list.

    Signals:
        image_clicked(int): a row was opened.
    """

    image_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = MovedModel()
        self._faces: Worker | None = None
        self.table = QTableView()
        self.table.setModel(self.model)
        header = whole_rows(self.table, _FACE_PX + 6)
        header.setSectionResizeMode(MovedModel.NAME, QHeaderView.ResizeMode.Stretch)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setIconSize(QSize(_FACE_PX, _FACE_PX))
        self.table.setAccessibleName(self.tr("Images whose score changes most"))
        self.table.setToolTip(self.tr("Double-click or Enter shows the image."))
        self.table.activated.connect(self._opened)
        self.nothing = QLabel(self.tr("There are no former scores to compare with."))
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addWidget(self.nothing)

    def show_predictions(self, predictions: Predictions | None) -> None:
        """Replace the list."""
        self.model.set_predictions(predictions)
        if self._faces is not None:
            self._faces.quit()
            self._faces = None
        self.table.setVisible(self.model.rowCount() > 0)
        self.nothing.setVisible(self.model.rowCount() == 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Faces are read when somebody looks."""
        super().showEvent(event)
        if self._faces is None and self.model.rowCount():
            self._faces = worker.start(_faces, self.model.paths())
            self._faces.yielded.connect(lambda found: self.model.set_face(*found))

    def _opened(self, index: QModelIndex) -> None:
        image_id = self.model.image_id(index.row())
        if image_id >= 0:
            self.image_clicked.emit(image_id)


def _faces(paths: list[str]) -> Generator[tuple[int, str, npt.NDArray[np.uint8]], None, None]:
    """Small pictures, row by row; a file that cannot be read has none."""
    for row, name in enumerate(paths):
        path = Path(name)
        try:
            yield row, name, display_pixels(read_file(path).data, path=path, max_side=2 * _FACE_PX)
        except ImageError:
            continue
