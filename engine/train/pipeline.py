"""A whole run in this process: claim it, do its stages (`engine.train.stages`), tell how it ended."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.bundle import read_bundle
from engine.errors import Cancelled, UserError
from engine.run import Listener, RunDirectory
from engine.train import parallel
from engine.train.stage_record import StageRecords
from engine.train.stages import Pipeline, Step
from engine.train.workspace import Workspace

Say = Callable[[str], None]


def execute(run: RunDirectory, *, tell: Say | None = None) -> None:
    """Do all that is left of a run, in this process. A finished run returns at once.

    Args:
        tell: gets the lines for people that also go to log.txt.

    Raises:
        RunError: another process works on it.
        Cancelled: somebody asked to stop; calling again goes on.
        UserError: the input or the machine does not allow it; state.json and the last event say why.
    """
    if run.state.status == "done":
        return
    if parallel.rank() > 0:
        run = Listener(run.path)
    run.claim()
    with _log(run, tell) as say:
        try:
            _work(run, say)
        except (Cancelled, KeyboardInterrupt):
            say("Cancelled; the run can be resumed.")
            run.set_status("cancelled")
            raise
        except Exception as error:
            _fail(run, _explained(error), error)
            raise _explained(error) or error from error


def _explained(error: Exception) -> UserError | None:
    """The UserError that an exception amounts to, None for a bug."""
    if isinstance(error, UserError):
        return error
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "allocate memory" in str(error):
        return UserError("There is not enough memory for this training.", "Use a smaller batch or a smaller size.")
    if isinstance(error, OSError):
        return UserError(f"A file cannot be read or written: {error}.", "Check the disk, then resume the run.")
    return None


def _fail(run: RunDirectory, known: UserError | None, error: Exception) -> None:
    message = known.message if known else f"{type(error).__name__}: {error}"
    remedy = known.remedy if known else "This is a fault of the program; log.txt has the details."
    logging.getLogger(__name__).error("%s %s", message, remedy, exc_info=None if known else error)
    with suppress(OSError):  # a full disk must not hide why it failed
        run.emit("error", message=message, remedy=remedy)
    with suppress(OSError):
        run.set_status("failed", f"{message} {remedy}".rstrip())


@contextmanager
def _log(run: RunDirectory, tell: Say | None) -> Iterator[Say]:
    """log.txt for this run; `tell` is left out where the error stream already is that file (a detached child)."""
    logger = logging.getLogger(__name__)
    handler = logging.FileHandler(run.log_file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        same = os.path.samestat(os.fstat(sys.stderr.fileno()), os.stat(run.log_file))
    except (OSError, ValueError, AttributeError):  # no error stream, or one that is no file
        same = False

    def say(message: str) -> None:
        logger.info(message)
        if tell and not same:
            tell(message)

    try:
        yield say
    finally:
        logger.removeHandler(handler)
        handler.close()


def _work(run: RunDirectory, say: Say) -> None:
    if run.job.baseline and not any(run.checkpoints.iterdir()):
        read_bundle(Path(run.job.baseline))  # hours later would be late to say that it is not there
    space = Workspace(run, say)
    pipeline = Pipeline(space)
    records = StageRecords(run)
    other = RunDirectory.open(Path(run.job.reuse)) if run.job.reuse else None
    say(
        f"{len(space.rows)} images, recipe '{space.recipe.name}' on {space.device}: "
        f"{', '.join(s.name for s in pipeline.steps)}."
    )
    for step in pipeline.steps:
        run.checkpoint()
        _do(step, space, records, other)
    space.parallel.wait()
    if space.parallel.is_first:
        shutil.rmtree(run.path / "cache", ignore_errors=True)
        run.emit("done", model=run.model_file.name, report=run.report_file.name)
        run.set_status("done")
    say("Done.")


def _do(step: Step, space: Workspace, records: StageRecords, other: RunDirectory | None) -> None:
    """One stage: skipped where its result stands and its inputs are the same, taken over from another run, or made."""
    inputs, first = step.inputs(), space.parallel.is_first
    known = records.inputs(step.name)
    if known and all(file.is_file() for file in step.results):
        if known == inputs:
            step.take()
            return
        space.warn(f"What stage '{step.name}' was made from has changed since; it is made anew.")
        if first:
            records.forget(step.name, step.files)
    space.parallel.wait()
    if other is not None and step.reusable:
        found = first and records.take_over(step.name, inputs, step.results, other)
        if space.parallel.agree(found):
            space.say(f"Stage {step.name}: taken over from {other.path}.")
            step.take()
            return
    space.say(f"Stage {step.name}.")
    step.work()
    space.parallel.wait()
    if first:
        records.note(step.name, inputs)
