"""The library's index of trainings as the window uses it: what there was, what waits, what nobody wants.

Plain functions without Qt; all but `history` may take a second in a large library, so they belong on a worker.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.library import runs
from app.library.library import Library
from app.library.runs import RunRow
from app.services.training import run_owner
from engine.run import RunDirectory, RunError, State

DISMISSED: Final = "dismissed"
"""Status in the library's index of an unfinished run that nobody wants to hear of any more."""
QUEUED: Final = "queued"
"""Status in the index of a run that waits for another one's end."""
HANDED_OVER: Final = "handed over"
"""Status in the index of a run that is done on another machine."""


@dataclass(frozen=True)
class PastRun:
    """A run of this library's index; `state` is None where its folder is gone."""

    row: RunRow
    run: RunDirectory
    state: State | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has seen its end: running, interrupted, never begun, or ended while no window watched."""
        if self.state is None or self.row.status == DISMISSED:
            return False
        return self.row.status in ("created", "running") or self.row.status != self.state.status


def history(library: Library) -> list[PastRun]:
    """All runs of the library, the newest first."""
    return [_past(row) for row in runs.list_runs(library)]


def discard_abandoned(library: Library) -> None:
    """Take away runs that were measured once and never started, unless a window that lives still prepares them."""
    for past in history(library):
        never_asked = past.row.status == "created"  # a run that was started, or taken from the queue, is history
        measured = past.state is not None and past.state.status == "created"
        if never_asked and measured and not run_owner.is_prepared_now(past.run):
            discard(library, past.run)


def discard(library: Library, run: RunDirectory) -> None:
    """Take away a run that was prepared (and perhaps measured) but never started; any other is left alone."""
    row = find(library, run.path)
    if run.state.status != "created" or run.events_file.exists() or run_owner.is_busy(run):
        return
    if row is not None and row.status in (QUEUED, HANDED_OVER):
        return
    shutil.rmtree(run.path, ignore_errors=True)
    if row is not None:
        runs.remove_run(library, row.id)


def find(library: Library, directory: Path) -> RunRow | None:
    """The row of a run's folder; None where the run is not in the index."""
    wanted = directory.absolute()
    return next((row for row in runs.list_runs(library) if row.directory.absolute() == wanted), None)


def enqueue(library: Library, directory: Path) -> bool:
    """Let a run wait for its turn; False: a process works on it already."""
    if run_owner.is_busy(RunDirectory(directory)):
        return False
    note_status(library, directory, QUEUED)
    return True


def note_status(library: Library, directory: Path, status: str) -> None:
    """Note a status in the library's index; nothing where the run is not in it."""
    if (row := find(library, directory)) is not None:
        runs.set_status(library, row.id, status)


def claim_next(library: Library) -> RunDirectory | None:
    """Take the oldest run that waits, to be started by this process now; None where none waits or another one runs."""
    taken: list[RunDirectory] = []

    def take(row: RunRow) -> bool:
        run = RunDirectory(row.directory)
        if not run.job_file.is_file():
            return False
        run_owner.note_start(run)
        taken.append(run)
        return True

    return taken[0] if runs.claim_next(library, QUEUED, _is_busy, take) else None


def _is_busy(row: RunRow) -> bool:
    return row.status != HANDED_OVER and run_owner.is_busy(RunDirectory(row.directory))


def queued(library: Library) -> list[RunDirectory]:
    """The runs that wait, the oldest first."""
    rows = [row for row in runs.list_runs(library) if row.status == QUEUED and (row.directory / "job.json").is_file()]
    return [RunDirectory(row.directory) for row in reversed(rows)]


def finish(library: Library, directory: Path, status: str, model_after: str | None) -> None:
    """Note in the library's index how a run ended; nothing where the run is not in it."""
    row = find(library, directory)
    # Looking at an old run again is no new end.
    if row is not None and (row.finished_at is None or row.status != status or model_after is not None):
        runs.finish_run(library, row.id, status, model_after=model_after or row.model_after)


def _past(row: RunRow) -> PastRun:
    run = RunDirectory(row.directory)
    try:
        state = RunDirectory.open(row.directory).state
    except (RunError, OSError):
        state = None
    return PastRun(row, run, state)
