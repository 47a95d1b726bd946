"""All labels into a file: in which layout, what it cannot take along, where to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.library.exchange.layout import Layout, Written
from app.library.exchange.registry import LAYOUTS
from app.services.desk import Desk
from app.ui.below import told


class ExportDialog(QDialog):
    """Asks for the layout, then for the place."""

    def __init__(self, desk: Desk, done: Callable[[Written], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._done = desk, done
        self.setWindowTitle(self.tr("Export labels"))
        self.setMinimumWidth(480)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self.layouts = QComboBox()
        self.layouts.setAccessibleName(self.tr("Layout"))
        for name in ("native", "csv", *LAYOUTS):
            if self.layouts.findData(name) < 0:
                self.layouts.addItem(told(LAYOUTS[name].title), name)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setMinimumHeight(self._about.fontMetrics().height() * 3)
        form = QFormLayout()
        form.addRow(self.tr("Layout"), self.layouts)
        column.addLayout(form)
        column.addWidget(self._about)
        column.addStretch(1)
        column.addWidget(self._buttons())
        self.layouts.currentIndexChanged.connect(self._tell)
        self._tell()

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = buttons.addButton(self.tr("Save…"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def chosen(self) -> Layout:
        """The layout."""
        return LAYOUTS[self.layouts.currentData()]

    def _tell(self, *_: object) -> None:
        layout = self.chosen
        lost = self.tr("Not taken along: {0}.").format(told(layout.loses))
        whole = self.tr("Everything in force that people said; can be imported elsewhere without loss.")
        scale = layout.scale
        of_scale = self.tr("{0} (worst) to {1} (best)").format(f"{scale.low:g}", f"{scale.high:g}")
        written = of_scale if scale.kind == "linear" else scale.text
        self._about.setText(f"{lost if layout.loses else whole}\n{self.tr('Scale: {0}').format(written)}")

    @property
    def about(self) -> str:
        """What the dialog says of the layout."""
        return self._about.text()

    def accept(self) -> None:
        """Ask where, and write."""
        patterns = " ".join(f"*{suffix}" for suffix in self.chosen.suffixes if suffix)
        kind = f"{told(self.chosen.title)} ({patterns})"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export labels"), self.chosen.file_name, kind)
        if name:
            self.save(Path(name))

    def save(self, file: Path) -> None:
        """Write to a place; an error is told in the window, and what was there stays."""
        self._desk.export_labels(file, self._done, self.chosen.name)
        super().accept()
