"""When the program itself is at fault: what is safe, what to do, and the report for whoever mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.pieces import label


class CrashDialog(QDialog):
    """One at a time; further faults are added to it.

    Signals:
        diagnostics_requested: save a file for whoever mends it.
    """

    diagnostics_requested = Signal()

    def __init__(self, heading: str, safe: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("A fault of the program"))
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self.heading = label(heading, "heading", wrap=True)
        self.safe = label(safe, wrap=True)
        self.todo = label(
            self.tr(
                "You can go on working. If something looks wrong, close the window and open it again. To have it "
                "mended, save the diagnostics and give the file to whoever looks after the program; names of files "
                "and people are left out, and nothing is sent by itself."
            ),
            wrap=True,
        )
        self.more = label("", "muted", wrap=True)
        self.more.hide()
        for text in (self.heading, self.safe, self.todo, self.more):
            text.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(text)
        self._add_report(column)
        column.addStretch(1)  # the sentences keep together while the report is folded
        column.addWidget(self._buttons())
        self._count = 0

    def _add_report(self, column: QVBoxLayout) -> None:
        self.details = QToolButton()
        self.details.setText(self.tr("Details"))
        self.details.setCheckable(True)
        self.details.setProperty("role", "fold")
        self.details.setArrowType(Qt.ArrowType.RightArrow)
        self.details.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.details.toggled.connect(self._unfold)
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setAccessibleName(self.tr("Report"))
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.report.setMinimumHeight(220)
        self.report.hide()
        column.addWidget(self.details)
        column.addWidget(self.report, 20)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save = buttons.addButton(self.tr("Save diagnostics…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.clicked.connect(self.diagnostics_requested)
        self.copy = buttons.addButton(self.tr("Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        buttons.rejected.connect(self.reject)
        return buttons

    def add(self, report: str) -> None:
        """One more fault."""
        self._count += 1
        self.report.appendPlainText(report if self._count == 1 else f"\n{report}")
        if self._count > 1:
            self.more.setText(self.tr("{0} faults so far; all are under Details.").format(self._count))
            self.more.show()

    def _unfold(self, on: bool) -> None:
        self.details.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.report.setVisible(on)
        self.adjustSize()
