"""The window of comparisons: one that was made is opened, or a quick one is made of the library's labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.services.comparison import Begun
from app.ui.comparison.page import ComparisonPage
from app.ui.pieces import label
from engine.benchmark import words
from engine.benchmark.kept import Comparison


class ComparisonWindow(QDialog):
    """Not modal: the gallery behind it follows the points.

    Signals:
        open_requested: choose the folder of a comparison.
        start_requested: compare the quick systems on the library's labels.
        stop_requested: end the comparison that is being made; what is done is kept.
    """

    open_requested = Signal()
    start_requested = Signal()
    stop_requested = Signal()

    def __init__(self, find: Callable[[Path], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Comparison of systems"))
        self.resize(1180, 760)
        self._folder, self._name = Path(), self.tr("No comparison is open.")
        self.page = ComparisonPage(find)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._nothing())
        self.pages.addWidget(self.page)
        self.fault = label("", "warning", wrap=True)
        self.fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self.fault)
        column.addWidget(self.pages, 1)
        column.addLayout(self._foot())
        self.show_running(None)

    def _head(self) -> QHBoxLayout:
        self.title = label(self._name, "heading", wrap=True)
        self.report = self._button(self.tr("Report"), self.tr("The page that the comparison wrote, in the browser"))
        self.report.setEnabled(False)
        self.report.clicked.connect(self._open_report)
        self.open_button = self._button(self.tr("Open…"), self.tr("The folder that 'fiqa benchmark' wrote"))
        self.open_button.clicked.connect(self.open_requested)
        tip = self.tr("NIQE, BRISQUE and the sanity floors, fitted on split train, judged on split test")
        self.start = self._button(self.tr("Compare on these labels"), tip)
        self.start.clicked.connect(self._start_or_stop)
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        for button in (self.report, self.open_button, self.start):
            row.addWidget(button)
        return row

    def _button(self, text: str, tip: str) -> QPushButton:
        made = QPushButton(text)
        made.setToolTip(tip)
        made.setAutoDefault(False)
        return made

    def _foot(self) -> QHBoxLayout:
        self.whole = label(self.tr("The whole table, with the networks, takes hours. In a terminal:"), "muted")
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setAccessibleName(self.tr("Command for the whole table"))
        self.command.setText("fiqa benchmark MANIFEST --out DIR")
        row = QHBoxLayout()
        row.addWidget(self.whole)
        row.addWidget(self.command, 1)
        return row

    def _nothing(self) -> QWidget:
        text = self.tr(
            "A comparison puts systems side by side on labels that none of them has seen: correlations with their "
            "intervals, cost, and every face behind a point.\n\n"
            "Open the folder that 'fiqa benchmark' wrote, or compare NIQE, BRISQUE and the sanity floors on the "
            "labels of this library (minutes; it goes on while you work)."
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(label(text, "muted", wrap=True))
        column.addStretch(2)
        return page

    # -- showing -----------------------------------------------------------------------------------

    def show_comparison(self, found: Comparison) -> None:
        """Show a comparison in place of the one before."""
        self._folder = found.folder
        self.fault.hide()
        self._name = words.TITLES.get(found.results["table"], found.folder.name)
        self.title.setText(self._name)
        self.title.setToolTip(str(found.folder))
        self.report.setEnabled((found.folder / "report.html").is_file())
        self.page.show_comparison(found)
        self.pages.setCurrentWidget(self.page)

    def show_fault(self, text: str) -> None:
        """Why there is no other comparison; what was shown stays."""
        self.fault.setText(f"⚠ {text}")
        self.fault.show()

    def show_running(self, begun: Begun | None, *, on: bool = False) -> None:
        """Whether a comparison is being made, and of what."""
        self._running = on
        self.start.setText(self.tr("Stop") if on else self.tr("Compare on these labels"))
        self.title.setText(self.tr("Comparing NIQE, BRISQUE and the floors…") if on else self._name)
        if on:
            self.fault.hide()
        if begun is not None:
            self.command.setText(begun.command)
            self.command.setCursorPosition(0)

    def _start_or_stop(self) -> None:
        (self.stop_requested if self._running else self.start_requested).emit()

    def _open_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder / "report.html")))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "page"):
            self.page.retheme()
