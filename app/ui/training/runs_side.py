"""The left of the training dock: the button, why it cannot be pressed, and the runs of the library."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.services import worker
from app.services.training.run_index import PastRun
from app.ui.pieces import WholeLabel
from app.ui.training.run_info import RunInfo, describe
from app.ui.training.runs import RunsView


class RunsSide(QWidget):
    """Button and runs.

    Signals:
        described(list[RunInfo]): the runs given to `set_runs`, with their numbers.
    """

    described = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(190)
        self.retrain = QPushButton(self.tr("Retrain…"))
        self.retrain.setProperty("role", "primary")
        self.reason = WholeLabel()
        self.reason.setProperty("role", "muted")
        self.runs = RunsView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(6)
        column.addWidget(self.retrain)
        column.addWidget(self.reason)
        column.addWidget(self.runs, 1)
        self.set_plan_reason(self.tr("The labels are being counted…"))

    def set_plan_reason(self, reason: str | None) -> None:
        """Why no training can start now; None: it can."""
        self.retrain.setEnabled(reason is None)
        self.retrain.setToolTip(reason or self.tr("Shows first what will be trained on and how long it takes."))
        self.reason.setText(reason or "")
        self.reason.setVisible(reason is not None)

    def set_runs(self, history: Sequence[PastRun]) -> None:
        """All runs of the library, the newest first. Their numbers are read on a worker and appear a moment later."""
        job = worker.start(_describe_all, list(history))
        job.returned.connect(self.described)


def _describe_all(history: list[PastRun]) -> list[RunInfo]:
    return [describe(past) for past in history]
