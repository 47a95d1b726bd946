"""Restore: the backups with their dates and what they hold; the present state is backed up first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.library.backup_contents import BackupContents
from app.library.backups import Backup
from app.ui import words
from app.ui.pieces import label

_FILE = Qt.ItemDataRole.UserRole


class RestoreDialog(QDialog):
    """Chooses a backup.

    Signals:
        restore_requested(object): the Path of the backup to put in place.
    """

    restore_requested = Signal(object)

    def __init__(self, backups: Sequence[Backup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore a backup"))
        self.resize(660, 420)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(
            label(
                self.tr(
                    "All labels go back to that moment; image files and models stay. The present state is backed up "
                    "first, so that this can be taken back here too. Other windows on this library follow."
                ),
                wrap=True,
            )
        )
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setAccessibleName(self.tr("Backups"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHeaderLabels(
            [self.tr("When"), self.tr("Made"), self.tr("Images"), self.tr("Labelled"), self.tr("Acts"), self.tr("Size")]
        )
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.currentItemChanged.connect(lambda *_: self._judge())
        column.addWidget(self.table, 1)
        self.nothing = label(self.tr("There is no backup yet. The program makes one a day."), "muted")
        self.nothing.setVisible(not backups)
        column.addWidget(self.nothing)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.restore = buttons.addButton(self.tr("Restore"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.restore.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._items = {backup.path: self._add(backup) for backup in backups}
        for newest in backups[:1]:
            self.table.setCurrentItem(self._items[newest.path])
        self._judge()

    def _add(self, backup: Backup) -> QTreeWidgetItem:
        when = QDateTime.fromSecsSinceEpoch(int(backup.at.timestamp())).toString("yyyy-MM-dd hh:mm:ss")
        kinds = {
            "daily": self.tr("daily"),
            "before restore": self.tr("before a restore"),
            "before update": self.tr("before an update"),
            "other": self.tr("by hand"),
        }
        row = [when, kinds.get(backup.kind, backup.kind), "…", "…", "…", words.file_size(backup.bytes)]
        item = QTreeWidgetItem(self.table, row)
        item.setData(0, _FILE, backup.path)
        for column in range(2, 6):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def show_contents(self, file: Path, contents: BackupContents) -> None:
        """Counted by now."""
        for column, count in enumerate((contents.images, contents.labelled, contents.acts), start=2):
            self._items[file].setText(column, words.thousands(count))

    def show_damage(self, file: Path, why: str) -> None:
        """It cannot be restored."""
        item = self._items[file]
        item.setText(1, f"⚠ {why}")
        item.setData(0, _FILE, None)
        for column in range(2, 5):
            item.setText(column, "–")
        self._judge()

    def chosen(self) -> Path | None:
        """The backup that is marked; None where there is none, or it is damaged."""
        item = self.table.currentItem()
        file: Path | None = item.data(0, _FILE) if item is not None else None
        return file

    def _judge(self) -> None:
        self.restore.setEnabled(self.chosen() is not None)

    def accept(self) -> None:
        """Announce and close."""
        if (file := self.chosen()) is not None:
            self.restore_requested.emit(file)
            super().accept()
