"""Before a training: what it would do now, asked anew as labels change, and the dialog that shows it and starts."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.library.pools import Place
from app.services import worker
from app.services.training.depths import Choice
from app.services.training.retrain_plan import Plan
from app.services.training.retraining import RetrainingService
from app.ui.below import told
from app.ui.training.dialog import RetrainDialog
from app.ui.training.measuring import Measuring
from app.ui.training.panel import TrainingPanel

_PLAN_AGAIN_MS: Final = 400
_PLAN_REST: Final = 4
"""Times as long as the last plan took, before the next one."""
_LONGEST_REST_MS: Final = 10_000


class Planning(QObject):
    """Keeps the plan up to date and the button of the panel with it.

    Signals:
        pack_requested(object, str): `Choice` and `Images`: the dialog asked for a run for another machine.
        errored(object): what a worker raised.
    """

    pack_requested = Signal(object, str)
    errored = Signal(object)

    def __init__(self, service: RetrainingService, panel: TrainingPanel, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._service, self._panel, self._window = service, panel, window
        self.reason: str | None = None
        """Why no training can start; None: it can, or there is no plan yet."""
        self.plan: Plan | None = None
        self.dialog: RetrainDialog | None = None
        self._measuring: Measuring | None = None
        self._wanted = False  # the dialog was asked for before there was a plan
        self._is_planning = False
        self._began = 0.0
        self._again = QTimer(self, singleShot=True, interval=_PLAN_AGAIN_MS)
        self._again.timeout.connect(self._make_plan)

    # -- the plan ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Labels or images may have changed; asks again soon, and not more than it must."""
        if not self._again.isActive():
            self._again.start()

    def _make_plan(self) -> None:
        if self._is_planning:
            self._again.start()
            return
        self._is_planning, self._began = True, time.monotonic()
        job = worker.start(self._service.plan)
        job.returned.connect(self._show_plan)
        job.errored.connect(self.errored)
        job.finished.connect(self._plan_made)

    def _plan_made(self) -> None:
        self._is_planning = False
        # Of a large library it takes seconds, and every label asks for another one: labelling goes first.
        rest = round(1000 * _PLAN_REST * (time.monotonic() - self._began))
        self._again.setInterval(min(_LONGEST_REST_MS, max(_PLAN_AGAIN_MS, rest)))

    def _show_plan(self, plan: Plan) -> None:
        self.plan, self.reason = plan, plan.reason_disabled
        self._panel.side.set_plan_reason(told(plan.reason_disabled) if plan.reason_disabled else None)
        if self.dialog is not None:
            self.dialog.set_plan(plan)
        elif self._wanted:
            self.open_dialog()

    # -- the dialog --------------------------------------------------------------------------------

    def open_dialog(self) -> None:
        """Show what a retraining would do, as soon as that is known; measuring begins at once."""
        if self.dialog is not None:
            return
        self._wanted = self.plan is None
        if self.plan is None:
            self.refresh()
            return
        self._panel.make_ready()
        busy = self._service.is_running() or bool(self._service.waiting())
        self.dialog = dialog = RetrainDialog(self.plan, self._window, busy=busy)
        choices = [Choice(c.depth, c.recipe) for c in self.plan.depths if c.can_start]
        self._measuring = Measuring(self._service, dialog, choices if self.plan.reason_disabled is None else [])
        dialog.choice_changed.connect(self._measuring.ask)
        dialog.start_requested.connect(self._start)
        dialog.pack_requested.connect(self.pack_requested)
        dialog.places_wanted.connect(self._find_places)
        dialog.finished.connect(self._closed)
        dialog.open()
        if (choice := dialog.choice()) is not None and dialog.start.isEnabled():
            self._measuring.ask(choice)

    def _start(self, choice: Choice) -> None:
        self._service.stop_measuring()
        prepared = self._measuring.take(choice) if self._measuring is not None else None
        job = worker.start(self._service.to_start, choice, prepared)
        job.returned.connect(self._service.enqueue)
        job.errored.connect(self.errored)

    def _closed(self, _result: int) -> None:
        if self._measuring is not None:
            self._measuring.close()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = self._measuring = None

    def _find_places(self) -> None:
        job = worker.start(self._service.places)
        job.returned.connect(self._show_places)
        job.errored.connect(self.errored)

    def _show_places(self, places: list[Place]) -> None:
        if self.dialog is not None:
            self.dialog.set_places(places)
