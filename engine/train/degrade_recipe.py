"""The choices of a degraded set as frozen data: `fiqa degrade --recipe FILE` reads them from TOML."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from engine import groups
from engine.degrade import FAMILIES, KINDS, Family, Kind
from engine.groups import Split
from engine.plain_data import Builder
from engine.train.degrade_sources import DegradeError, Frames

SMALLEST_SIDE: Final = 32
_builder = Builder("The data recipe", DegradeError)


@dataclass(frozen=True)
class DataRecipe:
    """What to make of good faces."""

    seed: int = 0
    """Decides crops, nuisances, chains and splits."""
    split_seed: int | None = None
    """Decides the splits alone; default: `seed`. By it a second draw of the same faces keeps the splits."""
    splits: tuple[Split, ...] = ()
    """Only faces of these splits; default: all."""
    per_image: int = 8
    """Labelled images of each source, the clean one included."""
    size: int = 512
    """Longest side of the images at most, in pixels."""
    limit: int = 0
    """Only so many sources, chosen by seed; 0 = all."""
    exclude: tuple[str, ...] = ()
    """Globs on the path below the folder or manifest, such as 'snapshots/*'."""
    without: tuple[Family, ...] = ()
    """Families of kinds that are held out."""
    tight: float = 1.35
    loose: float = 2.3
    """Least and largest height of a crop, in heights of the face."""
    whole: float = 0.0
    """Share of the views that show the whole picture instead, as a folder of portraits does."""
    pool: tuple[str, ...] = ()
    """Globs: of these sources (split train only) further images are made that wait for a teacher's labels (pool a)."""
    pool_per_image: int = 2

    def split_of(self, group: str) -> Split:
        return groups.split_of(group, salt=str(self.seed if self.split_seed is None else self.split_seed))

    @property
    def held_out(self) -> tuple[Kind, ...]:
        return tuple(kind for family in self.without for kind in FAMILIES[family])

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in KINDS if kind not in self.held_out)

    @property
    def frames(self) -> Frames:
        return self.tight, self.loose

    def is_pooled(self, name: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern) for pattern in self.pool)

    def check(self) -> None:
        """Refuse what cannot be made.

        Raises:
            DegradeError: the first impossible value.
        """
        if self.per_image < 1 or self.size < SMALLEST_SIDE or self.limit < 0 or self.pool_per_image < 0:
            raise DegradeError(f"per_image and size must be at least 1 and {SMALLEST_SIDE}, limits at least 0.")
        if not 1 <= self.tight <= self.loose:
            raise DegradeError("tight must be at least 1 and loose at least tight.")
        if not 0 <= self.whole <= 1:
            raise DegradeError("whole is a share of the views: it must lie between 0 and 1.")
        if not self.kinds:
            raise DegradeError("'without' leaves no kind of degradation.")

    def changed(self, **values: Any) -> DataRecipe:
        """A copy with those values that are not None."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})


def families(names: Sequence[str]) -> tuple[Family, ...]:
    """The families by these names.

    Raises:
        DegradeError: there is no such family.
    """
    for name in names:
        if name not in FAMILIES:
            raise DegradeError(f"There is no family '{name}'.", f"Use one of {', '.join(FAMILIES)}.")
    return cast(tuple[Family, ...], tuple(names))


def load(path: Path) -> DataRecipe:
    """Read a TOML file.

    Raises:
        DegradeError: it cannot be read or does not fit.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise DegradeError(f"Cannot read the data recipe {path}: {error}.") from error
    recipe = _builder.build(DataRecipe, data)
    recipe.check()
    return recipe
