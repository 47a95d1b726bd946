"""The library's index of training runs; the truth of a run is its run directory (`engine.run`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from app.library.errors import LibraryError
from app.library.library import Library
from app.library.schema import Act, Correction, ImportedLabel, Rating, Run
from engine.run import now


@dataclass(frozen=True)
class RunRow:
    """One run. `status` is what the window last knew: created, queued, running, done, failed, cancelled, and more."""

    id: int
    directory: Path
    kind: str
    status: str
    model_before: str | None
    model_after: str | None
    snapshot: str | None
    created_at: str
    finished_at: str | None


def add_run(
    library: Library, run_dir: Path, kind: str, model_before: str | None = None, *, snapshot: str | None = None
) -> int:
    """List a run; `kind` is its depth (finetune, full, ...), `model_before` the active model's id. Returns its id."""
    with library.write() as session:
        made = Run(
            directory=_stored(library, run_dir),
            kind=kind,
            status="created",
            model_before=model_before,
            snapshot=snapshot,
            created_at=now(),
        )
        session.add(made)
        session.flush()
        return made.id


def set_status(library: Library, run_id: int, status: str) -> None:
    """Note how far a run is."""
    with library.write() as session:
        run = session.get(Run, run_id)
        if run is None:
            raise LibraryError(f"The library has no run {run_id}.")
        run.status = status


def claim_next(library: Library, waits: str, is_busy: Callable[[RunRow], bool], take: Callable[[RunRow], bool]) -> bool:
    """Make the oldest run of status `waits` a running one, unless a run is busy: in one write, so no window is beside.

    Args:
        waits: the status of runs that wait.
        is_busy: whether a process works on a run, or is about to; asked of all runs that are not done.
        take: told of the run before the write ends; False: it cannot be started, so the next one is asked.

    Returns:
        Whether there was one to take.
    """
    with library.write() as session:
        found = list(session.scalars(select(Run).where(Run.status != "done").order_by(Run.id)))
        if any(is_busy(_row(library, run)) for run in found):
            return False
        for run in found:
            if run.status == waits and take(_row(library, run)):
                run.status = "running"
                return True
    return False


def finish_run(library: Library, run_id: int, status: str, *, model_after: str | None = None) -> None:
    """Note the end of a run, and the model that it gave."""
    with library.write() as session:
        run = session.get(Run, run_id)
        if run is None:
            raise LibraryError(f"The library has no run {run_id}.")
        run.status, run.model_after, run.finished_at = status, model_after, now()


def remove_run(library: Library, run_id: int) -> None:
    """Take a run off the index; its folder is the caller's."""
    with library.write() as session:
        run = session.get(Run, run_id)
        if run is not None:
            session.delete(run)


def list_runs(library: Library) -> list[RunRow]:
    """All runs, the newest first."""
    with library.read() as session:
        return [_row(library, r) for r in session.scalars(select(Run).order_by(Run.id.desc()))]


def labels_since_last(library: Library) -> tuple[int, str]:
    """Images whose label was changed since the last training was prepared, and when that was ('' = never)."""
    with library.read() as session:
        since = session.scalar(select(func.max(Run.created_at))) or ""
        changed: set[int] = set()
        for table in (Rating, Correction, ImportedLabel):
            query = select(table.image_id).join(Act, Act.seq == table.act_seq).where(Act.at > since)
            changed.update(session.scalars(query))
    return len(changed), since


def find_run(library: Library, run_id: int) -> RunRow | None:
    """One run by its id."""
    with library.read() as session:
        run = session.get(Run, run_id)
        return _row(library, run) if run else None


def _stored(library: Library, run_dir: Path) -> str:
    directory = Path(run_dir).absolute()
    inside = directory.is_relative_to(library.runs_dir)
    return directory.relative_to(library.runs_dir).as_posix() if inside else str(directory)


def _row(library: Library, r: Run) -> RunRow:
    return RunRow(
        r.id,
        library.runs_dir / r.directory,
        r.kind,
        r.status,
        r.model_before,
        r.model_after,
        r.snapshot,
        r.created_at,
        r.finished_at,
    )
