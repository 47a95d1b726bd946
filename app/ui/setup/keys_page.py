"""Preferences, page Keys: every action with its keys; one key never means two things."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import MENUS, SPECS, plain
from app.ui.setup import keymap
from app.ui.setup.keymap import Keymap

_NAME = Qt.ItemDataRole.UserRole


class KeysPage(QWidget):
    """Changes a `Keymap`.

    Signals:
        changed: the keymap is another now.
    """

    changed = Signal()

    def __init__(self, keys: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        column = QVBoxLayout(self)
        self.table = QTreeWidget()
        self.table.setAccessibleName(self.tr("Actions and their keys"))
        self.table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        self.table.currentItemChanged.connect(lambda *_: self._chosen())
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName(self.tr("New key"))
        self.edit.keySequenceChanged.connect(lambda _: self._judge())
        self.set = QPushButton()
        self.set.clicked.connect(self._give)
        self.remove = QPushButton(self.tr("No key"))
        self.remove.clicked.connect(self._take)
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.clicked.connect(self._reset)
        self.reset_all = QPushButton(self.tr("Reset all"))
        self.reset_all.clicked.connect(self._reset_all)
        for widget in (QLabel(self.tr("New key")), self.edit, self.set, self.remove, self.reset, self.reset_all):
            row.addWidget(widget)
        column.addLayout(row)
        self.conflict = QLabel()
        self.conflict.setProperty("role", "warning")
        self.conflict.setWordWrap(True)
        column.addWidget(self.conflict)
        self._fill()

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    def choose(self, name: str) -> None:
        """Select an action."""
        self.table.setCurrentItem(self._items[name])

    def _fill(self) -> None:
        self._items: dict[str, QTreeWidgetItem] = {}
        for menu, title in MENUS.items():
            head = QTreeWidgetItem([plain(title), ""])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.table.addTopLevelItem(head)
            for spec in SPECS:
                if spec.menu == menu and spec.name != "recent":
                    item = QTreeWidgetItem(head, [spec.title(), ""])
                    item.setData(0, _NAME, spec.name)
                    self._items[spec.name] = item
        self.table.expandAll()
        self._refresh()
        self.choose(SPECS[0].name)

    def _refresh(self) -> None:
        for name, item in self._items.items():
            item.setText(1, keymap.native(self._keys.keys(name)))
            font = item.font(1)
            font.setBold(name in self._keys.changed)
            item.setFont(1, font)

    @property
    def _name(self) -> str:
        item = self.table.currentItem()
        return str(item.data(0, _NAME) or "") if item is not None else ""

    def _key(self) -> str:
        return self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _chosen(self) -> None:
        self.edit.clear()
        self._judge()

    def _judge(self) -> None:
        """Say whose key it is before it is given away."""
        key, name = self._key(), self._name
        owner = self._keys.owner(key, but=name) if key else ""
        text = ""
        if owner == "reserved":
            text = self.tr("{0} moves between images and cannot mean something else.").format(keymap.native((key,)))
        elif owner:
            text = self.tr("{0} already means '{1}', which would lose it.")
            text = text.format(keymap.native((key,)), keymap.title(owner))
        self.conflict.setText(f"⚠ {text}" if text else "")
        self.set.setText(self.tr("Take over") if owner else self.tr("Set"))
        self.set.setEnabled(bool(key and name) and owner != "reserved")
        self.remove.setEnabled(bool(name and self._keys.keys(name)))
        self.reset.setEnabled(name in self._keys.changed)
        self.reset_all.setEnabled(bool(self._keys.changed))

    def _give(self) -> None:
        self._keys.give(self._name, (self._key(),))
        self._done()

    def _take(self) -> None:
        self._keys.give(self._name, ())
        self._done()

    def _reset(self) -> None:
        self._keys.reset(self._name)
        self._done()

    def _reset_all(self) -> None:
        self._keys.reset_all()
        self._done()

    def _done(self) -> None:
        self._refresh()
        self._chosen()
        self.changed.emit()
