"""One run as the list shows it, read from its directory."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.services.training.run_index import HANDED_OVER, QUEUED, PastRun
from app.ui.training import sentences
from app.ui.training.history import Best, History
from engine.run import EventTail, Job, RunDirectory, State

WORKING: Final = ("running", "paused")
LETTERS: Final = "BCDE"
"""Of runs drawn beside the chosen one, which would be A. More than five in a plot nobody can read."""
_RESUMABLE: Final = ("created", "cancelled", "failed", "interrupted")


@dataclass(frozen=True)
class RunInfo:
    """One run as the list shows it."""

    directory: str
    title: str
    status: str
    """As `engine.run.Status`, or `interrupted` (its process is gone) or `gone` (its folder is)."""
    started: str
    """ISO 8601."""
    epoch: int = 0
    epochs: int = 0
    srcc: float = float("nan")
    plcc: float = float("nan")
    """Of the best epoch, on validation."""
    has_report: bool = False
    kind: str = "train"
    """As `engine.run.Kind`."""

    @staticmethod
    def of(run: RunDirectory, job: Job) -> RunInfo:
        """What the job says before anything has happened."""
        given = job.name if job.name != run.path.name else ""
        title = sentences.run_title(str(job.recipe.get("name", "")), given)
        return RunInfo(str(run.path), title, "", job.created, kind=job.kind)

    @property
    def can_resume(self) -> bool:
        """Whether it stopped before its end."""
        return self.status in _RESUMABLE

    def with_history(self, history: History) -> RunInfo:
        """The same run as far as `history` tells."""
        return self.with_progress(Progress.of(history))

    def with_progress(self, reached: Progress) -> RunInfo:
        """The same run, which has come so far."""
        best = reached.best
        known = self if not reached.epochs else replace(self, epoch=reached.epoch, epochs=reached.epochs)
        return replace(known, srcc=best.srcc, plcc=best.plcc) if best else known


@dataclass(frozen=True)
class Progress:
    """How far a run has come."""

    epoch: int
    epochs: int
    best: Best | None

    @staticmethod
    def of(history: History) -> Progress:
        return Progress(history.epoch, history.epochs, history.best)


def status_of(state: State) -> str:
    """The status, or `interrupted` where it says that a process works which is gone."""
    return "interrupted" if state.status in WORKING and not state.is_alive() else state.status


def describe(past: PastRun) -> RunInfo:
    """Read what the list shows from a run directory. Takes milliseconds per run: call it on a worker for many."""
    if past.state is None or not past.run.job_file.is_file():
        title = sentences.run_title(past.row.kind, "")
        return RunInfo(str(past.run.path), title, "gone", past.row.created_at)
    info = RunInfo.of(past.run, past.run.job)
    waits = past.state.status == "created" and past.row.status in (QUEUED, HANDED_OVER)
    status = past.row.status if waits else status_of(past.state)
    info = replace(info, status=status, has_report=past.run.report_file.is_file())
    return info.with_progress(_progress(past.run))


def _progress(run: RunDirectory) -> Progress:
    """Read again only where events have come: the list of a library asks for all its runs whenever one has ended."""
    try:
        found = os.stat(run.events_file)
    except OSError:
        return Progress.of(History())
    return _progress_of(run.events_file, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1024)
def _progress_of(file: Path, _size: int, _changed: int) -> Progress:
    return Progress.of(History(EventTail(file).read()))


def read_history(run: RunDirectory) -> History:
    """All that a run has told so far. A long one takes a second: call it on a worker."""
    return History(EventTail(run.events_file).read())
