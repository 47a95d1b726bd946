"""The folders of the library and those inside them that hold images."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

_FOLDER: Final = Qt.ItemDataRole.UserRole
_INSIDE: Final = Qt.ItemDataRole.UserRole + 1


def directories(paths: Iterable[str]) -> set[str]:
    """Every directory that holds one of these images."""
    return {path.rpartition(os.sep)[0] for path in paths}


class FolderTree(QTreeWidget):
    """Chooses a folder.

    Signals:
        chosen(object, str): id of a library's folder (None = all), and an absolute folder below it ('' = all of it).
    """

    chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setAccessibleName(self.tr("Folders"))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUniformRowHeights(True)
        self._roots: list[tuple[int, str]] = []
        self._directories: set[str] = set()
        self.currentItemChanged.connect(self._announce)
        self.itemClicked.connect(self._clicked)  # also the marked one, which may not be in force

    def show_folders(self, folders: list[tuple[int, str]]) -> None:
        """(id, path) of every folder of the library."""
        if folders != self._roots or not self.topLevelItemCount():
            self._roots = folders
            self._build()

    def show_directories(self, directories_: set[str]) -> None:
        """Absolute paths in which images lie."""
        if directories_ != self._directories:
            self._directories = directories_
            self._build()

    def choose(self, folder: int | None, inside: str = "") -> None:
        """Mark a folder as the chosen one; not announced."""
        with QSignalBlocker(self):
            for item in self._items():
                if (item.data(0, _FOLDER), item.data(0, _INSIDE)) == (folder, inside):
                    self.setCurrentItem(item)

    def _items(self) -> list[QTreeWidgetItem]:
        found = self.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive)
        return list(found)

    def _announce(self, item: QTreeWidgetItem | None, _before: object = None) -> None:
        if item is not None:
            self.chosen.emit(item.data(0, _FOLDER), item.data(0, _INSIDE))

    def _clicked(self, item: QTreeWidgetItem, _column: int) -> None:
        self._announce(item)

    def _build(self) -> None:
        present = self.currentItem()
        kept = (present.data(0, _FOLDER), present.data(0, _INSIDE)) if present is not None else (None, "")
        open_ = {i.data(0, _INSIDE) for i in self._items() if i.isExpanded()}
        with QSignalBlocker(self):
            self.clear()
            self._add(self, self.tr("All folders"), None, "", "")
            for folder_id, root in self._roots:
                top = self._add(self, Path(root).name or root, folder_id, "", root)
                self._add_below(top, folder_id, root)
                top.setExpanded(True)
            for item in self._items():
                if item.data(0, _INSIDE) in open_ - {""}:
                    item.setExpanded(True)
        self.choose(*kept)

    def _add_below(self, top: QTreeWidgetItem, folder_id: int, root: str) -> None:
        """A node for every directory between the root and an image."""
        nodes = {root: top}
        prefix = root.rstrip(os.sep) + os.sep
        for directory in sorted(d for d in self._directories if d.startswith(prefix)):
            parent, path = top, root.rstrip(os.sep)
            for part in directory[len(prefix) :].split(os.sep):
                path = f"{path}{os.sep}{part}"
                if path not in nodes:
                    nodes[path] = self._add(parent, part, folder_id, path, path)
                parent = nodes[path]

    @staticmethod
    def _add(
        parent: QTreeWidget | QTreeWidgetItem, title: str, folder: int | None, inside: str, tip: str
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [title])
        item.setData(0, _FOLDER, folder)
        item.setData(0, _INSIDE, inside)
        item.setToolTip(0, tip)
        return item
