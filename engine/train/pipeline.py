"""A whole run in this process: claim it, do its stages (`engine.train.stages`), tell how it ended."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine import job
from engine.bundle import read_bundle
from engine.job import Say
from engine.run import Listener, RunDirectory
from engine.train import memory, parallel
from engine.train.stage_record import StageRecords
from engine.train.stages import Pipeline, Step
from engine.train.workspace import Workspace


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
    with job.working(run, tell) as say:
        _work(run, say)


def _work(run: RunDirectory, say: Say) -> None:
    if run.job.baseline and not any(run.checkpoints.iterdir()):
        read_bundle(Path(run.job.baseline))  # hours later would be late to say that it is not there
    memory.keep_freed()
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
    whole = all(file.is_file() for file in step.results)
    if known == inputs and whole:
        step.take()
        return
    before = known if known and whole else records.begun(step.name)
    if before not in ("", inputs):
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
    if first:
        records.begin(step.name, inputs)
    step.work()
    space.parallel.wait()
    if first:
        records.note(step.name, inputs)
