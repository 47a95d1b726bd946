"""Watching a run from outside: its events as they are written, its state, its end, its death."""

from __future__ import annotations

import subprocess
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.training import run_owner
from app.services.training.jobs import exit_words, last_lines
from engine.run import EventTail, RunDirectory, RunError, State

_EVERY_MS: Final = 100
_ENDED: Final = ("done", "cancelled", "failed")


class RunWatch(QObject):
    """Looks at a run directory ten times a second.

    Signals:
        events(object): list of new events, each a dict, in the order of the file; the first look brings all there are.
        state_changed(object): `State`; only when its status, process or message changed.
        ended(object): the last `State` (done, cancelled or failed), after all events. Nothing comes after it.
        crashed(str, object): the process is gone without having said so: how, and the last lines of its log.
    """

    events = Signal(object)
    state_changed = Signal(object)
    ended = Signal(object)
    crashed = Signal(str, object)

    def __init__(
        self,
        run: RunDirectory,
        process: subprocess.Popen[bytes] | None = None,
        *,
        before: State | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Watch `run`; `process` where this window started it, and `before` the state that it was started from."""
        super().__init__(parent)
        self.run = run
        self._process = process
        self._before = before
        self._told: tuple[str, int, str] | None = None
        self._tail = EventTail(run.events_file)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        QTimer.singleShot(0, self, self._look)

    def is_watching(self) -> bool:
        """Whether the end has not been seen yet."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Look no more; the run goes on."""
        self._timer.stop()

    def _look(self) -> None:
        if not self._timer.isActive():
            return
        # First whether the process lives, then what it wrote: so nothing that it wrote last is missed.
        gone = self._process is not None and self._process.poll() is not None
        try:
            state = self.run.state
        except (OSError, RunError):
            return  # being replaced, or the drive is away for a moment: the next look tells
        drained = self._tell_events()
        self._tell_state(state)
        # A timer, no queued call: what the window has to do comes in between.
        if (every := _EVERY_MS if drained else 0) != self._timer.interval():
            self._timer.setInterval(every)
        if drained and self.is_watching():
            self._tell_end(state, gone)

    def _tell_events(self) -> bool:
        """One block of them: a long run found again must not stall the window. Whether there are no more."""
        if found := self._tail.block():
            self.events.emit(found)
        return not self._tail.has_more

    def _tell_state(self, state: State) -> None:
        key = (state.status, state.pid, state.message)
        if not self._is_old(state) and key != self._told:
            self._told = key
            self.state_changed.emit(state)

    def _is_old(self, state: State) -> bool:
        """Whether the process that this window started has not written its first state yet."""
        return self._before is not None and state == self._before

    def _tell_end(self, state: State, gone: bool) -> None:
        if self._process is not None and gone and state.is_alive():
            self._process = self._before = None  # another window's process was faster and works on it
        if self._process is None and run_owner.is_starting(self.run, state):
            return
        ended = state.status in _ENDED and not self._is_old(state)
        if self._process is not None:
            if not gone:
                return
            if ended or (state.status == "done" and self._process.returncode == 0):
                self._finish(state)
            else:
                self._die(f"The training ended with {exit_words(self._process.returncode)}.")
        elif ended:
            self._finish(state)
        elif not state.is_alive():
            began = "has not begun" if state.status == "created" else "was interrupted: its process is gone"
            self._die(f"The training {began}.")

    def _finish(self, state: State) -> None:
        self.stop()
        self.ended.emit(state)

    def _die(self, how: str) -> None:
        self.stop()
        self.crashed.emit(how, last_lines(self.run.log_file))
