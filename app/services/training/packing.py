"""A run handed to another machine, and its result taken back into the library. Plain functions for a worker."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.library.library import Library
from app.library.pools import Pools
from app.services.scores.feature_cache import FeatureCache
from app.services.training import retrain_plan, run_index
from app.services.training.run_given import RetrainingError
from app.services.training.run_index import HANDED_OVER
from engine import pack as packing
from engine.light_recipe import LightRecipe
from engine.pack import Images
from engine.recipes import Recipe
from engine.run import RunDirectory


def hand_over(
    library: Library,
    recipe: str | Recipe | LightRecipe,
    out: Path,
    *,
    images: Images = "include",
    pools: Pools | None = None,
    features: FeatureCache | None = None,
    settings: Mapping[str, str] | None = None,
) -> RunDirectory:
    """Prepare a run and pack it; it waits in the library for its result.

    Raises:
        PackError, RetrainingError, UserError: nothing is left behind.
    """
    run = retrain_plan.prepare(library, recipe, settings=settings, pools=pools, features=features)
    try:
        packing.pack(run, out, images=images)
    except BaseException:
        run_index.discard(library, run)
        raise
    run_index.note_status(library, run.path, HANDED_OVER)
    return run


def take_back(library: Library, source: Path) -> RunDirectory:
    """Find the waiting run that a finished one belongs to, and put the result there.

    Raises:
        RetrainingError: no run of this library waits for it.
        PackError: it is not finished, or was changed on the way.
    """
    waiting = [p.run for p in run_index.history(library) if p.row.status == HANDED_OVER and p.state is not None]
    if not waiting:
        raise RetrainingError("No run of this library was handed to another machine.", "Pack one first.")
    failure: packing.PackError | None = None
    for run in waiting:
        try:
            packing.take_back(source, run)
        except packing.PackError as error:
            # Of several that wait, the one it belongs to tells best why it cannot be taken.
            failure = failure if failure is not None and "another run" in error.message else error
            continue
        run_index.finish(library, run.path, "done", None)
        return run
    assert failure is not None
    raise failure
