"""What a run is laid down from: the labels of this moment, the model in use, and its weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.library import models, snapshot
from app.library.library import Library
from app.library.models import ModelRow
from app.library.pools import Pools
from app.library.snapshot import Usable
from app.services.training import depths
from engine import weights
from engine.errors import UserError
from engine.light_recipe import LightRecipe
from engine.manifest import Manifest
from engine.recipes import Recipe


class RetrainingError(UserError):
    """The training cannot be prepared, or its result cannot be used."""


@dataclass(frozen=True)
class Given:
    """What a run is laid down from."""

    rows: Manifest
    baseline: ModelRow | None
    initial: str
    """See `initial_of`."""

    @property
    def baseline_file(self) -> str:
        return str(self.baseline.path) if self.baseline else ""


def given(library: Library, usable: Usable, recipe: Recipe | LightRecipe, pools: Pools | None) -> Given:
    """Labels, the model to beat and the first weights, as they are now.

    Raises:
        RetrainingError: the recipe needs a model or weights that are not at hand.
    """
    baseline = models.active(library)
    initial = initial_of(library, baseline) if isinstance(recipe, Recipe) else ""
    if isinstance(recipe, Recipe) and not initial and _needs_initial(recipe):
        raise RetrainingError(depths.NO_WEIGHTS)
    return Given(_manifest(library, usable, recipe, baseline, pools), baseline, initial)


def _manifest(
    library: Library, usable: Usable, recipe: Recipe | LightRecipe, baseline: ModelRow | None, pools: Pools | None
) -> Manifest:
    rows = snapshot.take(library, pools, usable=usable)
    if not isinstance(recipe, LightRecipe):
        return rows
    if baseline is None:
        raise RetrainingError("No model is in use.", "Choose one first.")
    if recipe.kind == "personalise":
        return rows
    # A label that the model has learned cannot tell how sure it is: it stays in the snapshot and counts for nothing.
    fresh = {r.path for r in depths.untaught_rows(library, baseline, rows).rows}
    return Manifest(tuple(r if r.path in fresh else replace(r, weight=0.0) for r in rows.rows))


def initial_of(library: Library, baseline: ModelRow | None) -> str:
    """The first weights as a job names them; empty where there are none.

    Where no network can be trained there are no weights of the bundled models either: the run is for a machine that has
    them, and names the model.
    """
    if (file := initial_weights(library, baseline)) is not None:
        return str(file)
    if baseline is None or depths.cannot_train() is None:
        return ""
    known = (m.id for m in _of_its_backbone(library, baseline) if weights.bundled(m.id) is not None)
    return next(map(weights.by_id, known), "")


def initial_weights(library: Library, baseline: ModelRow | None) -> Path | None:
    """The weights of the model in use, or those that a personal head was put on: its backbone is the same."""
    if baseline is None:
        return None
    return next((found for m in _of_its_backbone(library, baseline) if (found := _weights(m))), None)


def _of_its_backbone(library: Library, baseline: ModelRow) -> list[ModelRow]:
    """A model, and then those whose backbone is the same, the latest first."""
    backbone = baseline.card.get("backbone_id")
    alike = [m for m in models.all_models(library) if backbone and m.card.get("backbone_id") == backbone]
    return [baseline, *reversed(alike)]


def _weights(baseline: ModelRow) -> Path | None:
    if baseline.checkpoint is not None and baseline.checkpoint.is_file():
        return baseline.checkpoint
    return weights.of_bundled(baseline.id)


def _needs_initial(recipe: Recipe) -> bool:
    stages = (recipe.student, recipe.teacher)
    return any(stage is not None and stage.network.init == "active" for stage in stages)
