"""About: which program this is, what scores, and the licences of everything inside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import resources
from app.services.support.licences import Component
from app.ui.pieces import label
from engine import __version__, edition

Facts = Sequence[tuple[str, str]]


class AboutDialog(QDialog):
    """Two pages; the licences come when they have been read (`show_licences`)."""

    def __init__(self, facts: Facts, parent: QWidget | None = None) -> None:
        """`facts` are further lines of the first page: what it is, and its value."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("About FIQA Desktop"))
        self.resize(760, 520)
        self._parts: list[Component] = []
        tabs = QTabWidget()
        tabs.addTab(self._about(facts), self.tr("This program"))
        tabs.addTab(self._licences(), self.tr("Licences"))
        self.tabs = tabs
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(tabs, 1)
        column.addWidget(buttons)

    def _about(self, facts: Facts) -> QWidget:
        page = QWidget()
        picture = QLabel()
        picture.setPixmap(QPixmap(str(resources.icon())).scaledToWidth(96, Qt.TransformationMode.SmoothTransformation))
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(label(f"FIQA Desktop {__version__}", "heading"))
        words.addWidget(label(self.tr("Judge, curate and relabel face images by perceptual quality."), wrap=True))
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setHorizontalSpacing(18)
        for name, value in ((self.tr("Build"), _edition(self)), *facts, (self.tr("Qt"), qVersion())):
            shown = label(value, wrap=True)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label(name, "muted"), shown)
        words.addLayout(form)
        words.addStretch(1)
        promise = self.tr("Apache-2.0. Faces stay on this machine: nothing is sent anywhere.")
        words.addWidget(label(promise, "muted", wrap=True))
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(20)
        row.addWidget(picture)
        row.addLayout(words, 1)
        return page

    def _licences(self) -> QWidget:
        page = QSplitter()
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("What is inside"))
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([self.tr("Part"), self.tr("Version"), self.tr("Licence")])
        self.list.currentItemChanged.connect(lambda *_: self._show_text())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Text of the licence"))
        self.text.setPlaceholderText(self.tr("Reading…"))
        page.addWidget(self.list)
        page.addWidget(self.text)
        page.setSizes([400, 340])
        return page

    def show_licences(self, parts: Sequence[Component]) -> None:
        """Read by now."""
        self._parts = list(parts)
        self.list.clear()
        items = [QTreeWidgetItem([p.name, p.version, p.licence]) for p in parts]
        self.list.addTopLevelItems(items)
        for column, width in enumerate((150, 80)):
            self.list.setColumnWidth(column, width)
        self.list.setCurrentItem(items[0])

    def _show_text(self) -> None:
        if (item := self.list.currentItem()) is not None:
            part = self._parts[self.list.indexOfTopLevelItem(item)]
            nothing = self.tr("It brought no licence text; its licence is named at the left.")
            self.text.setPlainText("\n\n".join(filter(None, (part.note, part.text.strip() or nothing))))


def _edition(dialog: AboutDialog) -> str:
    """Which build, in words."""
    return {
        "source": dialog.tr("from source"),
        "full": dialog.tr("full: every depth of retraining"),
        "light": dialog.tr("light: Calibrate and Personalise; Fine-tune and Full are packed for the full build"),
    }[edition.edition()]
