"""Small dialogs: who labels, the keys, about."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine import __version__


def _tr(text: str) -> str:
    return QCoreApplication.translate("dialogs", text)


class RaterDialog(QDialog):
    """Asks for the name that goes with every label."""

    def __init__(self, present: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Who labels?"))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        text = self.tr("Your name is stored with each label you give, in the library on this machine only.")
        label = QLabel(text)
        label.setWordWrap(True)
        column.addWidget(label)
        self.name = QLineEdit(present)
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("Name"))
        self.name.textChanged.connect(self._changed)
        column.addWidget(self.name)
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column.addWidget(self._buttons)
        self.setMinimumWidth(360)
        self._changed(present)

    def _changed(self, text: str) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text.strip()))

    def chosen(self) -> str:
        """The name without outer spaces."""
        return self.name.text().strip()


class KeysDialog(QDialog):
    """The cheat sheet."""

    def __init__(self, rows: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(440, 560)
        column = QVBoxLayout(self)
        note = QLabel(self.tr("Single keys act while the grid or the loupe has the focus."))
        note.setProperty("role", "muted")
        column.addWidget(note)
        table = QTableWidget(len(rows), 2)
        table.setHorizontalHeaderLabels([self.tr("Key"), self.tr("Does")])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        for row, (keys, text) in enumerate(rows):
            table.setItem(row, 0, QTableWidgetItem(keys))
            table.setItem(row, 1, QTableWidgetItem(text))
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.resizeColumnToContents(0)
        column.addWidget(table)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column.addWidget(close)


def about(parent: QWidget, model: str, provider: str) -> None:
    """Versions and what runs."""
    box = QMessageBox(parent)
    box.setWindowTitle(_tr("About FIQA Desktop"))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(
        f"<h3>FIQA Desktop {__version__}</h3>"
        + _tr("<p>Judge, curate and relabel face images by perceptual quality.</p>")
        + f"<p>{_tr('Model')}: {model}<br>{_tr('Runs on')}: {provider}</p>"
        + _tr("<p>Apache-2.0. Faces stay on this machine: nothing is sent anywhere.</p>")
    )
    box.exec()


def complain(parent: QWidget | None, title: str, text: str) -> None:
    """An error that stops what was asked, as one sentence with its remedy."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
