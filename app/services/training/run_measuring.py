"""What a prepared run would cost: a few of its steps, timed in a process of their own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.services import worker
from app.services.training import jobs
from app.services.training.run_given import RetrainingError
from app.services.worker import Worker
from engine.errors import UserError
from engine.run import read_json

_ESTIMATE: Final = "estimate.json"
"""What `engine.train.measure` leaves in the run folder."""


class RunMeasuring(QObject):
    """Measures one run at a time; another one ends the former. Only the answer of the latest comes.

    Signals:
        measured(dict): seconds_total, images_per_s, memory_mb, disk_mb, stages (name -> seconds), device.
        failed(str): why it found nothing.
    """

    measured = Signal(dict)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Worker | None = None
        self._number = 0

    def start(self, command: list[str], folder: Path, *, polite: bool) -> None:
        """Run `command`, which leaves its estimate in `folder`; `polite`: with low priority."""
        self.stop()
        self._job = job = worker.start(_measure, command, folder / _ESTIMATE, polite=polite)
        self._number += 1
        number = self._number
        job.returned.connect(lambda found: self._answer(number, self.measured.emit, found))
        job.errored.connect(lambda error: self._broke(number, error))

    def stop(self) -> None:
        """Forget the measuring that runs; its process is ended."""
        if self._job is not None:
            self._job.quit()
            self._job = None

    def _answer(self, number: int, tell: Callable[[Any], None], value: object) -> None:
        if number == self._number and self._job is not None:
            self._job = None
            tell(value)

    def _broke(self, number: int, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self._answer(number, self.failed.emit, str(error))


def _measure(command: list[str], result: Path, *, polite: bool) -> Generator[None, None, dict[str, Any]]:
    result.unlink(missing_ok=True)
    yield from jobs.run_to_end(command, polite=polite)
    found: dict[str, Any] | None = read_json(result)
    if found is None:
        raise RetrainingError("The measuring gave no result.")
    return found
