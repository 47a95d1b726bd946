"""What the systems of one comparison share: the rows, the folder, the main recipe, who hears of the progress."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine import __version__
from engine.baselines.contract import Events
from engine.benchmark.systems import System
from engine.errors import UserError
from engine.manifest import Manifest, Row
from engine.recipes import Recipe

HELD: tuple[str, ...] = ("val", "cal", "test")
_FEWEST = 3


@dataclass(frozen=True)
class Context:
    """One comparison."""

    out: Path
    manifest: Manifest
    recipe: Recipe
    """The main recipe: that of teacher, teacher+ and student."""
    workers: int
    seed: int
    events: Events
    say: Callable[[str], None]

    @property
    def held(self) -> Manifest:
        """The labelled rows that are scored: val, cal, test."""
        return Manifest(tuple(r for r in self.manifest.rows if _is_opinion(r) and r.split in HELD))

    @property
    def lessons(self) -> Manifest:
        """What a baseline may see: the labelled rows of train and val, never those of cal and test."""
        return Manifest(tuple(r for r in self.manifest.rows if _is_opinion(r) and r.split in ("train", "val")))

    def key(self, system: System) -> str:
        """Under which a result is kept: system, configuration, manifest, and the version that made it."""
        parts = (system.digest(), self.manifest.digest(), str(self.seed), __version__)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def folder(self, system: System) -> Path:
        """Where a system works and keeps what it learned."""
        return self.out / "systems" / f"{system.key}-{self.key(system)[:10]}"


def _is_opinion(row: Row) -> bool:
    return row.mos is not None and row.source == "labeled"


def require_splits(manifest: Manifest) -> None:
    """Refuse what no table can be made of.

    Raises:
        UserError: too few labelled rows in train, val or test, or people on both sides.
    """
    rows = [r for r in manifest.rows if _is_opinion(r)]
    for name in ("train", "val", "test"):
        if (count := sum(r.split == name for r in rows)) < _FEWEST:
            raise UserError(
                f"Split '{name}' has {count} labelled images, and at least {_FEWEST} are needed.",
                "Fill the column 'split' with train, val and test, all images of one person in the same split.",
            )
    trained = {r.cluster for r in rows if r.split == "train"}
    if both := trained & {r.cluster for r in rows if r.split in HELD}:
        raise UserError(
            f"{len(both)} groups are both in train and in a held-out split ('{min(both)}').",
            "Keep all images of a person or near-duplicate cluster in one split.",
        )
