"""The window's end of the library's queue of trainings: what is asked for waits, is fetched, and gets a process."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.library.library import Library
from app.services.training import jobs, run_index, run_owner
from app.services.writer import Writer
from engine.errors import UserError
from engine.run import RunDirectory

_ANOTHER_WINDOW_MS: Final = 5000
"""How often to ask whether the training of another window has ended, while one waits for it."""
_CLOSE_S: Final = 2.0


class RunQueue(QObject):
    """One training of a library runs at a time, whichever window started it; the others wait in the library's index.

    Signals:
        launched(object, object, object): a `RunDirectory`, its new process (`subprocess.Popen`), and the `State` that
            the run had before.
        has_process(object): `RunDirectory` that was asked for and on which a process works already.
        waits(object): `RunDirectory` that was asked for and begins when another one has ended.
        failed(str): one sentence; what was asked for could not be done.
    """

    launched = Signal(object, object, object)
    has_process = Signal(object)
    waits = Signal(object)
    failed = Signal(str)

    def __init__(
        self, library: Library, writer: Writer, command: jobs.Command, is_busy: Callable[[], bool], parent: QObject
    ) -> None:
        """`is_busy` tells whether this window follows a training; then it fetches no other."""
        super().__init__(parent)
        self._library, self._writer, self._command, self._is_busy = library, writer, command, is_busy
        self._claims: deque[Future[RunDirectory | None]] = deque()
        self._closed = False
        self._ask_again = QTimer(self, singleShot=True, interval=_ANOTHER_WINDOW_MS)
        self._ask_again.timeout.connect(self.start_next)
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}

    def enqueue(self, run: RunDirectory) -> None:
        """Start a run now or after those that run and wait; answers by `launched`, `has_process` or `waits`."""
        self._writer.submit(
            run_index.enqueue,
            self._library,
            run.path,
            on_done=lambda queued: self._enqueued(run, queued),
            on_error=self._index_failed,
        )

    def waiting(self) -> list[RunDirectory]:
        """The runs of the library that wait, in their order."""
        return run_index.queued(self._library)

    def remove(self, run: RunDirectory) -> None:
        """Let a run wait no more; it stays in the history."""
        self._note(run, run_index.DISMISSED)

    def process_of(self, run: RunDirectory) -> subprocess.Popen[bytes] | None:
        """The living process that this window started for it."""
        process = self._processes.get(run.path)
        return process if process is not None and process.poll() is None else None

    def start_next(self, asked: RunDirectory | None = None) -> None:
        """Fetch the next run of the library's queue; another window may be faster, or have one that runs."""
        if self._is_busy() or self._closed:
            return
        claim = self._writer.submit(
            run_index.claim_next,
            self._library,
            on_done=lambda run: self._claimed(run, asked),
            on_error=self._not_claimed,
        )
        self._claims.append(claim)

    def close(self) -> None:
        """Fetch no more; a run that was fetched and not started yet waits again."""
        self._closed = True
        self._ask_again.stop()
        for claim in self._claims:
            with suppress(UserError, TimeoutError):
                run = claim.result(_CLOSE_S)
                if run is not None:
                    run_owner.forget_start(run)
                    self._note(run, run_index.QUEUED)

    def _enqueued(self, run: RunDirectory, queued: bool) -> None:
        if not queued:
            self.has_process.emit(run)
        elif self._is_busy():
            self.waits.emit(run)
        else:
            self.start_next(run)

    def _claimed(self, run: RunDirectory | None, asked: RunDirectory | None) -> None:
        self._claims.popleft()
        if self._closed:
            return
        if run is not None:
            self._launch(run)
        elif self.waiting():
            self._ask_again.start()
        if asked is not None and (run is None or run.path != asked.path):
            self.waits.emit(asked)

    def _not_claimed(self, error: BaseException) -> None:
        self._claims.popleft()
        self._index_failed(error)

    def _launch(self, run: RunDirectory) -> None:
        """Start the process of a run that is this window's to start; a failure to start is told by `failed`."""
        try:
            # What was asked of an earlier process must not stop the new one before it begins.
            run.request("none")
            before = run.state
            process = jobs.start_detached(self._command(jobs.RUN_JOB, run.path), run.log_file)
        except (UserError, OSError) as error:
            run_owner.forget_start(run)
            self.remove(run)
            self.failed.emit(str(error))
            self.start_next()
            return
        self._processes[run.path] = process
        with suppress(UserError, OSError):  # it tells other windows a moment sooner; the process tells them itself
            run_owner.note_start(run, process.pid)
        self.launched.emit(run, process, before)

    def _note(self, run: RunDirectory, status: str) -> None:
        self._writer.submit(run_index.note_status, self._library, run.path, status, on_error=self._index_failed)

    def _index_failed(self, error: BaseException) -> None:
        self.failed.emit(str(error))
