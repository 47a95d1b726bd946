"""What the head of a model sees of each image, kept so that no image is read twice.

A table is one .npz: features float32 [N, F] by sha256, of one backbone and one preprocessing. It travels in a run
folder as `features.npz`; the window keeps all it has in a cache of its own (`app.services.scores.feature_cache`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.atomic import replacing
from engine.bundle import Bundle
from engine.errors import UserError
from engine.head import HeadRunner
from engine.manifest import Manifest, Row
from engine.scoring import Scorer

Floats = npt.NDArray[np.float32]
OnRow = Callable[[int, int], None]
CHANGED: Final = "the file has changed since it was labelled"


class FeatureError(UserError):
    """The table cannot be read."""


@dataclass(frozen=True)
class Key:
    """What makes features comparable."""

    backbone_id: str
    preprocessing_id: str

    @staticmethod
    def of(bundle: Bundle) -> Key:
        return Key(bundle.card.backbone_id, bundle.preprocessing_id)


@dataclass
class Table:
    """Features by sha256 of one backbone; grows by `put`."""

    key: Key
    rows: dict[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def put(self, sha256: str, features: Floats) -> None:
        """Keep the features [F] of one content."""
        self.rows[sha256] = np.asarray(features, dtype=np.float32)

    def update(self, found: Mapping[str, Floats]) -> None:
        """Keep many."""
        self.rows.update(found)

    def write(self, path: Path) -> None:
        """Store the table, whole or not at all; a run and the window's Forget may write it at once."""
        with replacing(path) as partial, partial.open("wb") as stream:
            np.savez(
                stream,
                backbone_id=np.array(self.key.backbone_id),
                preprocessing_id=np.array(self.key.preprocessing_id),
                sha256=np.array(list(self.rows), dtype="U64"),
                features=np.stack(list(self.rows.values())) if self.rows else np.empty((0, 0), np.float32),
            )

    @staticmethod
    def read(path: Path) -> Table:
        """Read a table; nothing in it is run.

        Raises:
            FeatureError: it cannot be read.
        """
        try:
            with np.load(path, allow_pickle=False) as data:
                key = Key(str(data["backbone_id"]), str(data["preprocessing_id"]))
                names, values = data["sha256"].tolist(), data["features"].astype(np.float32)
        except (OSError, ValueError, KeyError) as error:
            remedy = "Delete the file: they are made anew."
            raise FeatureError(f"Cannot read the features {path}: {error}.", remedy) from error
        return Table(key, dict(zip(names, values, strict=True)))


def read_for(path: Path, bundle: Bundle) -> Table:
    """The table of a run folder if it is of this backbone, else an empty one."""
    key = Key.of(bundle)
    table = Table.read(path) if path.is_file() else Table(key)
    return table if table.key == key else Table(key)


@dataclass(frozen=True)
class Seen:
    """A model's view of a manifest's rows, in their order; NaN in a row that could not be read."""

    features: Floats
    """[N, F]."""
    scores: npt.NDArray[np.float64]
    """[N], raw."""
    errors: tuple[tuple[Path, str], ...]

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        return np.isfinite(self.scores) & np.isfinite(self.features).all(1)


def look(manifest: Manifest, scorer: Scorer, table: Table, *, on_row: OnRow | None = None) -> Seen:
    """Features and scores of every row. Contents that `table` knows are not read; what is new goes into it.

    `on_row(done, total)` counts the images that had to be read, and may raise to stop.
    """
    missing = [r for r in manifest.rows if r.sha256 not in table.rows]
    errors: list[tuple[Path, str]] = []
    found: dict[Path, str] = {}
    for done, (row, sha256, features, error) in enumerate(_read(missing, scorer), start=1):
        if error:
            errors.append((row.path, error))
        else:
            table.put(sha256, features)
            found[row.path] = sha256
        if on_row:
            on_row(done, len(missing))
    keys = [r.sha256 if r.sha256 in table.rows else found.get(r.path, "") for r in manifest.rows]
    width = len(next(iter(table.rows.values()))) if len(table) else 0
    features = np.full((len(keys), width), np.nan, dtype=np.float32)
    known = np.array([key in table.rows for key in keys], dtype=bool)
    for at in np.flatnonzero(known):
        features[at] = table.rows[keys[at]]
    scores = np.full(len(keys), np.nan)
    scores[known] = HeadRunner(scorer.bundle).score(features[known])
    return Seen(features, scores, tuple(errors))


def _read(rows: list[Row], scorer: Scorer) -> Iterator[tuple[Row, str, Any, str]]:
    for found in scorer.stream(iter(rows), lambda r: r.path, with_features=True):
        row = found.item
        if found.error or found.sha256 is None:
            yield row, "", None, found.error or "no score"
        elif row.sha256 and row.sha256 != found.sha256:
            yield row, "", None, CHANGED
        else:
            yield row, found.sha256, found.features, ""
