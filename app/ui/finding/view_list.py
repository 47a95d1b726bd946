"""The views at the left: those that stand always, and those that a curator saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.library.views import NamedView
from app.ui import theme, words

Index = QModelIndex | QPersistentModelIndex
_VIEW: Final = Qt.ItemDataRole.UserRole
_COUNT: Final = Qt.ItemDataRole.UserRole + 1
_MOST_ROWS: Final = 14
_MARGIN: Final = 8


class _Counted(QStyledItemDelegate):
    """A title, and its count at the right, so that the counts stand below each other."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colours = theme.current()
        painter.save()
        painter.setPen(QColor(colours.accent_text if chosen else colours.muted))
        room: QRect = option.rect
        at_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room.adjusted(0, 0, -_MARGIN, 0), int(at_right), index.data(_COUNT) or "")
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        taken = option.fontMetrics.horizontalAdvance(index.data(_COUNT) or "") + 2 * _MARGIN
        room = option.rect.width() - taken
        if room > 0:
            elide = Qt.TextElideMode.ElideRight
            option.text = option.fontMetrics.elidedText(option.text, elide, room)


class ViewList(QListWidget):
    """Chooses a view; F2 renames and Delete removes one that was saved.

    Signals:
        chosen(object): a NamedView.
        rename_requested(str, str): a saved view, its new name.
        delete_requested(str): a saved view.
    """

    chosen = Signal(object)
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Views"))
        self.setItemDelegate(_Counted(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.currentItemChanged.connect(self._announce)
        self.itemClicked.connect(self._announce)  # also the marked one, which may not be in force
        self._counts: Mapping[str, int] = {}
        self._saved: set[str] = set()
        self._renamed: dict[str, str] = {}
        self._titles = {
            "All": self.tr("All"),
            "Unlabelled": self.tr("Unlabelled"),
            "Rated by me": self.tr("Rated by me"),
            "Disagreement": self.tr("Disagreement"),
            "Suspect": self.tr("Suspect"),
            "Flagged": self.tr("Flagged"),
            "Problems": self.tr("Problems"),
            "Missing": self.tr("Missing"),
        }

    def show_views(self, standing: Sequence[NamedView], saved: Sequence[NamedView]) -> None:
        """Replace all; the chosen one stays chosen."""
        chosen = self.view()
        self._saved = {view.name for view in saved}
        with QSignalBlocker(self):
            self.clear()
            for view in (*standing, *saved):
                item = QListWidgetItem()
                item.setData(_VIEW, view)
                item.setToolTip(view.query or self.tr("every image"))
                self.addItem(item)
            wanted = chosen.name if chosen else "All"
            there = {view.name for view in (*standing, *saved)}
            self.choose(wanted if wanted in there else self._renamed.get(wanted, ""))
        self._write()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many images each view holds."""
        self._counts = counts
        self._write()

    def text_of(self, name: str) -> str:
        """What a row says."""
        spoken = Qt.ItemDataRole.AccessibleTextRole
        return next((str(i.data(spoken)) for i in self._items() if i.data(_VIEW).name == name), "")

    def view(self) -> NamedView | None:
        """The chosen one."""
        item = self.currentItem()
        found: NamedView | None = item.data(_VIEW) if item is not None else None
        return found

    def choose(self, name: str) -> None:
        """Mark a view as the chosen one; not announced. Nothing is marked where there is no such view."""
        with QSignalBlocker(self):
            rows = [row for row, item in enumerate(self._items()) if item.data(_VIEW).name == name]
            self.setCurrentRow(rows[0] if rows else -1)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    def _write(self) -> None:
        for item in self._items():
            name = item.data(_VIEW).name
            title = f"☆ {name}" if name in self._saved else self._titles.get(name, name)
            count = words.thousands(self._counts[name]) if name in self._counts else ""
            item.setText(title)
            item.setData(_COUNT, count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}   {count}".rstrip())
        rows = min(self.count(), _MOST_ROWS)
        self.setFixedHeight(self.sizeHintForRow(0) * rows + 6 if rows else 0)

    def _announce(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_VIEW))

    # -- saved views -------------------------------------------------------------------------------

    def _show_menu(self, position: QPoint) -> None:
        item = self.itemAt(position)
        if item is None or item.data(_VIEW).name not in self._saved:
            return
        menu = QMenu(self)
        menu.addAction(self.tr("Rename…")).triggered.connect(self.rename)
        menu.addAction(self.tr("Remove the view")).triggered.connect(self.remove)
        menu.popup(self.viewport().mapToGlobal(position))

    def rename(self) -> None:
        """Ask for another name of the chosen view."""
        view = self.view()
        if view is None or view.name not in self._saved:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Rename the view"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(view.name)
        dialog.textValueSelected.connect(lambda to: self._rename(view.name, to))
        dialog.open()

    def _rename(self, name: str, to: str) -> None:
        self._renamed[name] = to.strip()
        self.rename_requested.emit(name, to)

    def remove(self) -> None:
        """The chosen view goes; its images stay."""
        view = self.view()
        if view is not None and view.name in self._saved:
            self.delete_requested.emit(view.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove()
        else:
            super().keyPressEvent(event)
