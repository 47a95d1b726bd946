"""One run as the list shows it, read from its directory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.services.run_index import HANDED_OVER, QUEUED, PastRun
from app.ui.training import sentences
from app.ui.training.history import History
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
        best = history.best
        known = self if not history.epochs else replace(self, epoch=history.epoch, epochs=history.epochs)
        return replace(known, srcc=best.srcc, plcc=best.plcc) if best else known


def status_of(state: State) -> str:
    """The status, or `interrupted` where it says that a process works which is gone."""
    return "interrupted" if state.status in WORKING and not state.is_alive() else state.status


def describe(past: PastRun) -> RunInfo:
    """Read what the list shows from a run directory. Takes milliseconds per run: call it on a worker for many."""
    if past.state is None or not past.run.job_file.is_file():
        title = sentences.run_title(past.row.kind, "")
        return RunInfo(str(past.run.path), title, "gone", past.row.created_at)
    info = RunInfo.of(past.run, past.run.job)
    history = read_history(past.run)
    waits = past.state.status == "created" and past.row.status in (QUEUED, HANDED_OVER)
    status = past.row.status if waits else status_of(past.state)
    info = replace(info, status=status, has_report=past.run.report_file.is_file())
    return info.with_history(history)


def read_history(run: RunDirectory) -> History:
    """All that a run has told so far. A long one takes a second: call it on a worker."""
    return History(EventTail(run.events_file).read())
