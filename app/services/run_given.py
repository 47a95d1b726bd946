"""What a run is laid down from: the labels of this moment, the model in use, and its weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.library import models, snapshot
from app.library.library import Library
from app.library.models import ModelRow
from app.library.pools import Pools
from app.library.snapshot import Usable
from app.services import bundled, depths
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

    @property
    def baseline_file(self) -> str:
        return str(self.baseline.path) if self.baseline else ""


def given(library: Library, usable: Usable, recipe: Recipe | LightRecipe, pools: Pools | None) -> Given:
    """Labels, the model to beat and the first weights, as they are now.

    Raises:
        RetrainingError: the recipe needs a model or weights that are not at hand.
    """
    baseline = models.active(library)
    weights = initial_weights(library, baseline) if isinstance(recipe, Recipe) else None
    if isinstance(recipe, Recipe) and weights is None and _needs_initial(recipe):
        raise RetrainingError(depths.NO_WEIGHTS)
    return Given(_manifest(library, usable, recipe, baseline, pools), baseline, str(weights or ""))


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


def initial_weights(library: Library, baseline: ModelRow | None) -> Path | None:
    """The weights of the model in use, or those that a personal head was put on: its backbone is the same."""
    if baseline is None:
        return None
    backbone = baseline.card.get("backbone_id")
    alike = [m for m in models.all_models(library) if backbone and m.card.get("backbone_id") == backbone]
    return next((found for m in (baseline, *reversed(alike)) if (found := _weights(m))), None)


def _weights(baseline: ModelRow) -> Path | None:
    if baseline.checkpoint is not None and baseline.checkpoint.is_file():
        return baseline.checkpoint
    return bundled.weights_of(baseline.id)


def _needs_initial(recipe: Recipe) -> bool:
    stages = (recipe.student, recipe.teacher)
    return any(stage is not None and stage.network.init == "active" for stage in stages)
