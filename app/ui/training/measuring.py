"""The dialog's measuring: prepares a run for each depth, times it, and hands over the one that is started."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject

from app.services import worker
from app.services.training.depths import Choice
from app.services.training.retraining import RetrainingService
from app.ui.training.dialog import RetrainDialog
from engine.run import RunDirectory

_UNASKED: Final = ("calibrate", "personalise")
"""Depths that are measured without being chosen; the others load torch and train a few steps, which takes a while."""


class Measuring(QObject):
    """One at a time: what is chosen first, then the other depths."""

    def __init__(self, service: RetrainingService, dialog: RetrainDialog, choices: list[Choice]) -> None:
        """`choices` are what may be measured unasked."""
        super().__init__(dialog)
        self._service, self._dialog = service, dialog
        self._wanted = [c for c in choices if c.depth in _UNASKED]
        self._prepared: dict[str, RunDirectory] = {}
        self._now: Choice | None = None
        self._closed = False
        service.measured.connect(self._measured)
        service.measure_failed.connect(self._failed)

    def ask(self, choice: Choice) -> None:
        """Measure this one now."""
        self._wanted = [c for c in self._wanted if c.depth != choice.depth]
        if self._now is not None and self._now.depth != choice.depth:
            self._wanted.insert(0, self._now)  # it goes on afterwards
        self._service.stop_measuring()
        self._begin(choice)

    def take(self, choice: Choice) -> RunDirectory | None:
        """The run that was prepared for it, if there is one; it is the caller's now."""
        return self._prepared.pop(repr(choice), None)

    def close(self) -> None:
        """Measure no more, and take away what was prepared and not started."""
        self._closed = True
        self._service.stop_measuring()
        for run in self._prepared.values():
            self._service.discard(run)
        self._prepared.clear()

    def _begin(self, choice: Choice) -> None:
        self._now = choice
        self._dialog.show_measuring(choice.depth)
        known = self._prepared.get(repr(choice))
        if known is not None:
            self._service.measure(known)
            return
        job = worker.start(self._service.prepare, choice.recipe, pools=choice.pools)
        job.returned.connect(_bound(self._prepared_for, choice))
        job.errored.connect(_bound(self._could_not_prepare, choice))

    def _prepared_for(self, choice: Choice, run: RunDirectory) -> None:
        if self._closed:
            self._service.discard(run)
            return
        before = self._prepared.pop(repr(choice), None)
        if before is not None:
            self._service.discard(before)
        self._prepared[repr(choice)] = run
        if self._now == choice:
            self._service.measure(run)

    def _could_not_prepare(self, choice: Choice, error: BaseException) -> None:
        if self._now == choice and not self._closed:
            self._failed(str(error))

    def _measured(self, found: dict[str, Any]) -> None:
        if self._now is not None and not self._closed:
            self._dialog.show_measured(self._now.depth, found)
            self._next()

    def _failed(self, text: str) -> None:
        if self._now is not None and not self._closed:
            self._dialog.show_measure_failed(self._now.depth, text)
            self._next()

    def _next(self) -> None:
        self._now = None
        if self._wanted:
            self._begin(self._wanted.pop(0))


def _bound(call: Callable[[Choice, Any], None], choice: Choice) -> Callable[[Any], None]:
    return lambda value: call(choice, value)
