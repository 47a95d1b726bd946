"""The four depths of retraining: what each needs, when it is advised, why it cannot start now."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from app.library import lineage
from app.library.library import Library
from app.library.models import ModelRow
from app.library.pools import Pools
from app.library.snapshot import Summary, Usable
from engine import calibrate, edition, recipes
from engine.errors import UserError
from engine.light_recipe import LightRecipe
from engine.light_run import LEARNED
from engine.manifest import Manifest
from engine.recipes import Recipe

Depth = Literal["calibrate", "personalise", "finetune", "full"]
DEPTHS: Final[tuple[Depth, ...]] = ("calibrate", "personalise", "finetune", "full")
ADVISED: Final[Mapping[Depth, int]] = {"calibrate": 50, "personalise": 200, "finetune": 500, "full": 2000}
"""Labels from which a depth is worth its time."""
TRAINED: Final[tuple[Depth, ...]] = ("finetune", "full")
"""Depths at which a network is trained, which needs torch."""
NEEDED: Final = ("torch", "torchvision", "timm", "safetensors", "onnxscript")
NO_WEIGHTS: Final = "The model in use came without its weights (.safetensors), so no training can start from it."
_NO_MODEL: Final = "No model is in use: choose one first."
_NO_POOLS: Final = "There are no images without a label for a teacher to label: open a folder of further faces."
_RECIPES: Final[Mapping[Depth, tuple[str, ...]]] = {
    "calibrate": ("calibrate",),
    "personalise": ("personalise",),
    "finetune": ("finetune", "quick"),
    "full": ("paper", "better"),
}


@dataclass(frozen=True)
class DepthChoice:
    """One depth; `reason` says why it cannot be chosen now, None: it can. `recipe` is what it starts with.

    `elsewhere` says why this installation cannot do it, though it can be packed for one that can.
    """

    depth: Depth
    recipe: Recipe | LightRecipe
    reason: str | None = None
    elsewhere: str | None = None

    @property
    def can_start(self) -> bool:
        """Whether it can be done here and now."""
        return self.reason is None and self.elsewhere is None


@dataclass(frozen=True)
class Choice:
    """What the curator has chosen: how deep, by which recipe, and (Full) which images a teacher labels."""

    depth: Depth
    recipe: Recipe | LightRecipe
    pools: Pools | None = None


def choices(
    library: Library, usable: Usable, baseline: ModelRow | None, *, has_weights: bool
) -> tuple[DepthChoice, ...]:
    """All depths, from the least to the greatest, by what `snapshot.look` found."""
    reasons: dict[Depth, str | None] = {
        "calibrate": _NO_MODEL if baseline is None else _calibration_reason(library, usable, baseline),
        "personalise": _NO_MODEL if baseline is None else None,
        "finetune": None if has_weights else NO_WEIGHTS,
        "full": None if usable.excluded.get("no label", 0) else _NO_POOLS,
    }
    elsewhere = cannot_train()
    return tuple(DepthChoice(d, recipe_of(d), reasons[d], elsewhere if d in TRAINED else None) for d in DEPTHS)


def recipes_of(depth: Depth) -> tuple[str, ...]:
    """Names of the recipes to choose from, the usual one first."""
    return _RECIPES[depth]


def recipe_of(depth: Depth) -> Recipe | LightRecipe:
    """The recipe that a depth starts with."""
    return named(_RECIPES[depth][0])


def named(name: str) -> Recipe | LightRecipe:
    """A recipe by its name, or from a TOML file.

    Raises:
        RecipeError: there is none.
    """
    return LightRecipe(name) if name in ("calibrate", "personalise") else recipes.load(name)  # type: ignore[arg-type]


def recommended(summary: Summary, found: tuple[DepthChoice, ...]) -> Depth | None:
    """The greatest depth that can start and for which there are labels enough; None: none can start.

    The greatest of all takes hours even on a GPU, so it is recommended only where there is one.
    """
    possible = [c.depth for c in found if c.can_start]
    enough = [d for d in possible if summary.labelled >= ADVISED[d] and (d != "full" or has_gpu())]
    return enough[-1] if enough else possible[0] if possible else None


def cannot_train() -> str | None:
    """Why this installation cannot train a network; None: it can (torch is not imported to find out)."""
    lacking = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if not lacking:
        return None
    if edition.edition() == "light":
        return "This light build cannot train a network; the full build of FIQA Desktop can."
    return f"This installation cannot train ({', '.join(lacking)} missing): install 'fiqa-desktop[train]'."


@lru_cache(maxsize=1)
def has_gpu() -> bool:
    """Whether an NVIDIA driver is installed."""
    return shutil.which("nvidia-smi") is not None


def untaught_rows(library: Library, model: ModelRow, rows: Manifest) -> Manifest:
    """The labelled rows of which `model` cannot know the label."""
    known = lineage.learned(library, model)
    return Manifest(tuple(r for r in rows.rows if not known.has(r)))


def _calibration_reason(library: Library, usable: Usable, baseline: ModelRow) -> str | None:
    """A model says too well what it has learned; its interval would be too narrow."""
    if baseline.run_id is None:
        return None
    try:
        known = lineage.learned(library, baseline)
    except UserError as error:
        return str(error)
    rows = zip(usable.rows, usable.clusters, usable.splits, strict=True)
    fit = [
        cluster
        for row, cluster, split in rows
        if split in LEARNED["calibrate"] and not known.has_seen(cluster, row.sha256 or "")
    ]
    if len(fit) >= calibrate.LEAST and len(set(fit)) >= calibrate.LEAST_GROUPS:
        return None
    return (
        f"The model in use learned from these labels, so they cannot tell how sure it is: {len(fit)} others are there, "
        f"{calibrate.LEAST} are needed. A personalised model brings its own calibration."
    )
