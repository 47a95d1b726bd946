"""The line above the curves: where the run stands, pause and cancel, and what is shown below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

PAGES: Final = ("curves", "result", "slices", "moved", "trouble")


class ElidedLabel(QLabel):
    """A label that shortens its text instead of widening the window; the whole is in its tooltip."""

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter, self.rect(), int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
        )


class ProgressHead(QWidget):
    """Text, bar and buttons.

    Signals:
        pause_requested(bool): wait, or go on.
        cancel_requested: stop the run.
        unqueue_requested: it shall wait no more.
        axis_changed(str): `epoch`, `step` or `time`.
        page_requested(str): one of `PAGES`.
    """

    pause_requested = Signal(bool)
    cancel_requested = Signal()
    unqueue_requested = Signal()
    axis_changed = Signal(str)
    page_requested = Signal(str)

    def __init__(self, menu: QWidget, parent: QWidget | None = None) -> None:
        """`menu`: the button for what can be done with the curves; shown with them."""
        super().__init__(parent)
        self._paused, self._menu = False, menu
        self.pause, self.cancel = QPushButton(self.tr("Pause")), QPushButton(self.tr("Cancel"))
        self.unqueue = QPushButton(self.tr("Take from the queue"))
        self.unqueue.clicked.connect(self.unqueue_requested)
        self.text = ElidedLabel()
        self.text.setProperty("role", "heading")
        self.text.setAccessibleName(self.tr("Progress of the training"))
        self.warning = ElidedLabel()
        self.warning.setProperty("role", "warning")
        self.warning.hide()
        self._build_buttons()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.text, 1)
        for widget in (self.axis, menu, *self.pages.values(), self.unqueue, self.pause, self.cancel):
            row.addWidget(widget)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setStyleSheet("min-height: 4px; max-height: 4px;")
        self.bar.setAccessibleName(self.tr("Steps of this stage"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.warning)
        self.show_pages([], "")
        self.show_live(running=False)

    def _build_buttons(self) -> None:
        self.axis = QComboBox()
        self.axis.addItem(self.tr("epochs"), "epoch")
        self.axis.addItem(self.tr("steps"), "step")
        self.axis.addItem(self.tr("time"), "time")
        self.axis.setToolTip(
            self.tr(
                "What the curves are drawn along. Time is that of the clock: a pause counts, "
                "the time between a stop and the resumption does not."
            )
        )
        self.axis.setAccessibleName(self.tr("What the curves are drawn along"))
        self.axis.currentIndexChanged.connect(lambda: self.axis_changed.emit(self.axis.currentData()))
        names = (
            self.tr("Curves"),
            self.tr("Result"),
            self.tr("Slices"),
            self.tr("What moves"),
            self.tr("What went wrong"),
        )
        self._group = QButtonGroup(self)
        self.pages = {page: QPushButton(name) for page, name in zip(PAGES, names, strict=True)}
        for page, button in self.pages.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, page=page: self.page_requested.emit(page))
            self._group.addButton(button)
        self.pause.clicked.connect(lambda: self.pause_requested.emit(not self._paused))
        self.cancel.setToolTip(self.tr("Stops the training; it can be resumed from its last whole epoch."))
        self.cancel.clicked.connect(self._cancel)

    def show_live(self, *, running: bool, paused: bool = False, waits: bool = False) -> None:
        """Whether a run can be paused and cancelled, is paused, or waits in the queue."""
        self.unqueue.setVisible(waits)
        self._paused = paused
        self.pause.setText(self.tr("Continue") if paused else self.tr("Pause"))
        for button in (self.pause, self.cancel):
            button.setVisible(running)
        if not running:
            self.cancel.setEnabled(True)
            self.cancel.setText(self.tr("Cancel"))

    def show_progress(self, done: int, total: int) -> None:
        """Steps of the stage; a busy bar where their number is unknown, none where `total` is negative."""
        self.bar.setVisible(total >= 0)
        self.bar.setRange(0, max(0, total))
        self.bar.setValue(done)

    def show_pages(self, pages: list[str], current: str) -> None:
        """Which pages there are; the buttons appear where there is a choice."""
        for page, button in self.pages.items():
            button.setVisible(page in pages and len(pages) > 1)
            button.setChecked(page == current)
        for widget in (self.axis, self._menu):
            widget.setVisible(current == "curves")

    def show_warnings(self, texts: list[str]) -> None:
        """The last warning of the run; all of them in the tooltip."""
        self.warning.setVisible(bool(texts))
        self.warning.setText(f"⚠ {texts[-1]}" if texts else "")
        self.warning.setToolTip("\n".join(texts))

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.setText(self.tr("Cancelling…"))
        self.cancel_requested.emit()
