"""Before and after a training, in the library: what would be trained on, the run directory, what became of it.

Plain functions without Qt; all but `history` may take a second in a large library, so they belong on a worker.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import resources
from app.library import models, runs, snapshot
from app.library.changes import Changes
from app.library.library import Library
from app.library.models import ModelRow
from app.library.runs import RunRow
from app.library.snapshot import Summary
from engine import manifest as manifests
from engine import recipes
from engine.bundle import read_bundle
from engine.errors import UserError
from engine.recipes import Recipe
from engine.run import RunDirectory, RunError, State

_NEEDED: Final = ("torch", "torchvision", "timm", "safetensors", "onnxscript")
DISMISSED: Final = "dismissed"
"""Status in the library's index of an unfinished run that nobody wants to hear of any more."""
_TERMINAL_ONLY: Final = frozenset({"tiny", "paper", "better"})
"""Not offered in the window: one is for tests, the others need pools of unlabelled faces, which it cannot name yet."""
_CHECKPOINT: Final = "student-best.safetensors"
_NO_WEIGHTS: Final = "The model in use came without its weights (.safetensors), so no training can start from it."


class RetrainingError(UserError):
    """The training cannot be prepared, or its result cannot be used."""


@dataclass(frozen=True)
class RecipeChoice:
    """A recipe to choose; `reason` says why it cannot be chosen now, None: it can."""

    name: str
    recipe: Recipe
    reason: str | None = None


@dataclass(frozen=True)
class Plan:
    """What a retraining would do now."""

    summary: Summary
    reason_disabled: str | None
    """One sentence; None: it can be started."""
    recipes: tuple[RecipeChoice, ...]
    can_train: bool
    """Whether this installation has the training part (it is not imported to find out)."""
    baseline: ModelRow | None
    """The model in use, which the new one is compared with."""
    initial: Path | None
    """Its weights, which `init = "active"` starts from; None where they are not at hand."""


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


def make_plan(library: Library) -> Plan:
    """What a retraining would do now."""
    summary, baseline = snapshot.summarise(library), models.active(library)
    lacking = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    initial = _initial(baseline)
    reason = snapshot.shortage(summary)
    if lacking:
        reason = f"This installation cannot train ({', '.join(lacking)} missing): install 'fiqa-desktop[train]'."
    return Plan(summary, reason, _choices(initial), not lacking, baseline, initial)


def prepare(
    library: Library, recipe: str | Recipe, *, name: str = "", settings: Mapping[str, str] | None = None
) -> RunDirectory:
    """Take a snapshot and lay down a run that can be measured and started.

    Args:
        recipe: a recipe, its name, or a TOML file.
        settings: dotted keys and values that differ from it, as `fiqa train --set`.

    Raises:
        RetrainingError: too few labels, or the recipe needs weights that are not at hand.
        UserError: the recipe is wrong, or a drive cannot be written.
    """
    if (reason := snapshot.shortage(snapshot.summarise(library))) is not None:
        raise RetrainingError(reason)
    chosen = recipes.load(recipe) if isinstance(recipe, str) else recipe
    chosen = chosen.with_values(settings or {})
    baseline = models.active(library)
    initial = _initial(baseline)
    if initial is None and _needs_initial(chosen):
        raise RetrainingError(_NO_WEIGHTS)
    file = snapshot.write(library)
    run = RunDirectory.create(
        _new_folder(library.runs_dir, chosen.name),
        recipe=chosen,
        manifest=manifests.read(file),
        name=name,
        baseline=str(baseline.path) if baseline else "",
        initial=str(initial) if initial else "",
    )
    runs.add_run(library, run.path, chosen.name, baseline.id if baseline else None, snapshot=file.name)
    return run


def promote(library: Library, run: RunDirectory, *, initiator: object | None = None) -> Changes:
    """Copy a finished run's bundle and checkpoint into the library, and use it.

    Raises:
        RetrainingError: the run has given no model.
        UserError: the bundle is damaged, or cannot be copied.
    """
    if not run.model_file.is_file():
        raise RetrainingError("This training has given no model.", "Resume it, or train anew.")
    bundle = read_bundle(run.model_file)
    weights = run.checkpoints / _CHECKPOINT
    row = _index_row(library, run.path)
    name = run.job.name
    known = models.register(
        library,
        bundle,
        name=name,
        run_id=row.id if row else None,
        checkpoint=weights if weights.is_file() else None,
    )
    changes = models.activate(library, known.id, initiator=initiator)
    finish(library, run.path, "done", known.id)
    return changes


def _initial(baseline: ModelRow | None) -> Path | None:
    if baseline is None:
        return None
    if baseline.checkpoint is not None and baseline.checkpoint.is_file():
        return baseline.checkpoint
    bundled, weights = resources.default_model(), resources.default_checkpoint()
    if bundled.is_file() and weights.is_file() and read_bundle(bundled).id == baseline.id:
        return weights
    return None


def _needs_initial(recipe: Recipe) -> bool:
    stages = (recipe.student, recipe.teacher)
    return any(stage is not None and stage.network.init == "active" for stage in stages)


def _choices(initial: Path | None) -> tuple[RecipeChoice, ...]:
    return tuple(
        RecipeChoice(name, recipe, _NO_WEIGHTS if initial is None and _needs_initial(recipe) else None)
        for name, recipe in recipes.RECIPES.items()
        if name not in _TERMINAL_ONLY
    )


def _new_folder(runs_dir: Path, recipe: str) -> Path:
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in range(1, 1000):
        folder = runs_dir / (f"{stamp}-{recipe}" if number == 1 else f"{stamp}-{recipe}-{number}")
        if not folder.exists():
            return folder
    raise RetrainingError(f"There are too many runs in {runs_dir}.", "Remove old ones.")


def history(library: Library) -> list[PastRun]:
    """All runs of the library, the newest first."""
    return [_past(row) for row in runs.list_runs(library)]


def discard(library: Library, run: RunDirectory) -> None:
    """Take away a run that was prepared (and perhaps measured) but never started; any other is left alone."""
    row = _index_row(library, run.path)
    if run.state.status != "created" or run.events_file.exists():
        return
    shutil.rmtree(run.path, ignore_errors=True)
    if row is not None:
        runs.remove_run(library, row.id)


def _index_row(library: Library, directory: Path) -> RunRow | None:
    wanted = directory.absolute()
    return next((row for row in runs.list_runs(library) if row.directory.absolute() == wanted), None)


def note_start(library: Library, directory: Path) -> None:
    """Note in the library's index that a run was started or resumed."""
    if (row := _index_row(library, directory)) is not None:
        runs.set_status(library, row.id, "running")


def finish(library: Library, directory: Path, status: str, model_after: str | None) -> None:
    """Note in the library's index how a run ended; nothing where the run is not in it."""
    row = _index_row(library, directory)
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
