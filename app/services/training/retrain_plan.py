"""Before and after a training, in the library: what would be trained on, the run directory, the result put to use.

Plain functions without Qt; they may take a second in a large library, so they belong on a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.library import calibrators, models, runs, snapshot
from app.library.calibrators import PERCENTILE
from app.library.changes import Changes
from app.library.library import Library
from app.library.models import ModelRow
from app.library.pools import Pools
from app.library.snapshot import Summary
from app.services.scores.feature_cache import FeatureCache
from app.services.scores.rescoring import keep_known
from app.services.training import depths, run_index, run_owner
from app.services.training.depths import DepthChoice
from app.services.training.run_given import RetrainingError, given, initial_of, initial_weights
from engine import manifest as manifests
from engine.bundle import read_bundle
from engine.calibrate import Calibrator
from engine.features import FeatureError, Key, Table
from engine.light_recipe import LightRecipe
from engine.recipes import Recipe
from engine.run import RunDirectory, read_json

_CHECKPOINT: Final = "student-best.safetensors"


@dataclass(frozen=True)
class Plan:
    """What a retraining would do now."""

    summary: Summary
    reason_disabled: str | None
    """One sentence; None: it can be started."""
    depths: tuple[DepthChoice, ...]
    baseline: ModelRow | None
    """The model in use, which the new one is compared with."""
    initial: Path | None
    """Its weights, which `init = "active"` starts from; None where they are not at hand."""


def make_plan(library: Library) -> Plan:
    """What a retraining would do now."""
    usable, baseline = snapshot.look(library), models.active(library)
    summary, initial = snapshot.summarise(library, usable), initial_weights(library, baseline)
    found = depths.choices(library, usable, baseline, has_weights=bool(initial_of(library, baseline)))
    reason = snapshot.shortage(summary)
    return Plan(summary, reason, found, baseline, initial)


def prepare(
    library: Library,
    recipe: str | Recipe | LightRecipe,
    *,
    name: str = "",
    settings: Mapping[str, str] | None = None,
    pools: Pools | None = None,
    features: FeatureCache | None = None,
) -> RunDirectory:
    """Take a snapshot and lay down a run that can be measured and started.

    Args:
        recipe: a recipe, its name, or a TOML file.
        settings: dotted keys and values that differ from it, as `fiqa train --set`.
        pools: images without a label for a teacher to label.
        features: what is known of the images already goes with a run that works on features.

    Raises:
        RetrainingError: too few labels, or the recipe needs weights that are not at hand.
        UserError: the recipe is wrong, or a drive cannot be written.
    """
    usable = snapshot.look(library)
    if (reason := snapshot.shortage(snapshot.summarise(library, usable))) is not None:
        raise RetrainingError(reason)
    chosen = depths.named(recipe) if isinstance(recipe, str) else recipe
    if isinstance(chosen, Recipe):
        chosen = chosen.with_values(settings or {})
    found = given(library, usable, chosen, pools)
    baseline = found.baseline
    file = snapshot.write(library, found.rows)
    run = RunDirectory.create(
        _new_folder(library.runs_dir, chosen.name),
        recipe=chosen,
        manifest=manifests.read(file),
        name=name,
        baseline=found.baseline_file,
        initial=found.initial,
    )
    run_owner.note_prepared(run)
    if isinstance(chosen, LightRecipe) and baseline and features:
        _bring_features(run, baseline, features)
    runs.add_run(library, run.path, chosen.name, baseline.id if baseline else None, snapshot=file.name)
    return run


def is_current(library: Library, run: RunDirectory, recipe: Recipe | LightRecipe, pools: Pools | None = None) -> bool:
    """Whether `prepare` would now give the same labels, the same model to beat and the same weights as `run` has."""
    try:
        found = given(library, snapshot.look(library), recipe, pools)
    except RetrainingError:
        return False
    job = run.job
    now = (found.rows.digest(), found.baseline_file, found.initial)
    return (job.manifest_hash, job.baseline, job.initial) == now


def _bring_features(run: RunDirectory, baseline: ModelRow, features: FeatureCache) -> None:
    key = Key(str(baseline.card.get("backbone_id") or ""), baseline.preprocessing_id)
    table = features.get(key, (r.sha256 for r in manifests.read(run.manifest_file).rows))
    if len(table):
        table.write(run.features_file)


def take_features(library: Library, run: RunDirectory, features: FeatureCache) -> None:
    """Keep what a run on features has looked at, but for what was forgotten meanwhile."""
    if run.features_file.is_file():
        table = Table.read(run.features_file)
        keep_known(library, features, table.key, table.rows)


def drop_features(run: RunDirectory, sha256s: Iterable[str]) -> None:
    """Take the features of forgotten contents out of a run folder; a table that cannot be read goes as a whole."""
    if not run.features_file.is_file():
        return
    try:
        table = Table.read(run.features_file)
    except FeatureError:
        run.features_file.unlink(missing_ok=True)
        return
    gone = table.rows.keys() & set(sha256s)
    if gone:
        Table(table.key, {s: value for s, value in table.rows.items() if s not in gone}).write(run.features_file)


def promote(library: Library, run: RunDirectory, *, initiator: object | None = None) -> Changes:
    """Copy a finished run's bundle and checkpoint into the library, and use it; its calibrator with it.

    Raises:
        RetrainingError: the run has given no model.
        UserError: the bundle is damaged, or cannot be copied.
    """
    if run.job.kind == "calibrate":
        return _promote_calibrator(library, run, initiator)
    if not run.model_file.is_file():
        raise RetrainingError("This training has given no model.", "Resume it, or train anew.")
    bundle = read_bundle(run.model_file)
    weights = run.checkpoints / _CHECKPOINT
    row = run_index.find(library, run.path)
    name = run.job.name
    before = models.active(library)
    known = models.register(
        library,
        bundle,
        name=name,
        run_id=row.id if row else None,
        checkpoint=weights if weights.is_file() else None,
    )
    _choose_scale(library, run, known, before)
    changes = models.activate(library, known.id, initiator=initiator)
    run_index.finish(library, run.path, "done", known.id)
    return changes


def _choose_scale(library: Library, run: RunDirectory, made: ModelRow, before: ModelRow | None) -> None:
    """Show a new model as the one before was shown, where it can be: percentiles stay percentiles, raw scores raw.

    A calibrator that the run has fitted is used in place of raw scores: it says more than they do.
    """
    brought = calibrators.versions(library, made.id)
    if any(row.kind != PERCENTILE for row in brought):
        return  # it was promoted before, and somebody may have chosen since
    shown = calibrators.active(library, before.id) if before else None
    if run.calibrator_file.is_file():
        calibrator = calibrators.add(library, made.id, _calibrator(run))
        if not (brought and shown and shown.kind == PERCENTILE):
            calibrators.activate(library, calibrator.id)
    elif before and shown is None and calibrators.versions(library, before.id):
        calibrators.deactivate(library, made.id)


def _promote_calibrator(library: Library, run: RunDirectory, initiator: object | None) -> Changes:
    if not run.calibrator_file.is_file():
        raise RetrainingError("This run has given no calibrator.", "Resume it, or calibrate anew.")
    model_id = str((run.report or {}).get("candidate") or "")
    made = calibrators.add(library, model_id, _calibrator(run))
    changes = calibrators.activate(library, made.id, initiator=initiator)
    run_index.finish(library, run.path, "done", model_id)
    return changes


def _calibrator(run: RunDirectory) -> Calibrator:
    return Calibrator.from_json(read_json(run.calibrator_file))


def _new_folder(runs_dir: Path, recipe: str) -> Path:
    """Made here, so that it is taken: the dialog prepares one to measure while its Start prepares another."""
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in range(1, 1000):
        folder = runs_dir / (f"{stamp}-{recipe}" if number == 1 else f"{stamp}-{recipe}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise RetrainingError(f"Cannot write the run folder {folder}: {error.strerror or error}.") from error
        return folder
    raise RetrainingError(f"There are too many runs in {runs_dir}.", "Remove old ones.")
