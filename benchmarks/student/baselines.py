"""The classic measures beside the models, on the same rows: NIQE, sharpness, BRISQUE fitted on split train, and fitted
systems by their folder. Scores and features are kept in a cache folder, so that a later call judges only the models.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.baselines import registry
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import Baseline, BaselineConfig
from engine.baselines.nss import VERSION
from engine.console import say
from engine.errors import UserError
from engine.manifest import Manifest
from engine.metrics import FloatArray
from engine.run import write_json

CLASSIC: Final = ("niqe", "sharpness", "brisque")
"""Of these the best on the test rows is what the margin is taken over."""


@dataclass(frozen=True)
class Judged:
    """A baseline's scores of the test rows, and what must be said of it."""

    name: str
    scores: FloatArray
    notes: tuple[str, ...]


def judged(
    table: Manifest, test: Manifest, fitted: Sequence[Path], cache: Path, threads: int, names: Sequence[str] = CLASSIC
) -> Iterator[Judged]:
    """The classic ones, then those of the folders."""
    cache.mkdir(parents=True, exist_ok=True)
    for name in names:
        system = _brisque(table, cache, threads) if name == "brisque" else registry.make(name)
        key = _content(cache / "brisque") if name == "brisque" else registry.model_id(system).replace(":", "-")
        yield _scored(name, system, test, cache / f"scores-{key}-{VERSION}.json", threads)
    for folder in fitted:
        file = cache / f"scores-{_content(folder)}-{VERSION}.json"
        yield _scored(folder.name, registry.load(folder), test, file, threads)


def _content(folder: Path) -> str:
    """Tells a fitted system by its files: the same labels fitted otherwise are another system."""
    h = hashlib.sha256()
    for file in sorted(p for p in folder.iterdir() if p.is_file()):
        h.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{folder.name}-{h.hexdigest()[:16]}"


def _brisque(table: Manifest, cache: Path, threads: int) -> Baseline:
    """Fitted on split train of this set, or as it was fitted on it before."""
    folder = cache / "brisque"
    if registry.is_kept(folder) and (known := registry.load(folder)).card().fitted_on == table.digest():
        return known
    say(f"Fitting BRISQUE on {len(table.where(split='train', labelled=True)):,} images.")
    made = registry.make("brisque")
    made.fit(
        table, BaselineConfig(seed=0, workers=threads, options={"folder": str(cache)}), lambda _type, _fields: None
    )
    registry.save(made, folder)
    return made


def _scored(name: str, system: Baseline, test: Manifest, file: Path, threads: int) -> Judged:
    """What a system cannot judge (NIQE needs 96 px and some structure) counts as the worst, and is counted."""
    if isinstance(system, ByPicture):
        system.workers = threads
    known: dict[str, float | None] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    missing = [row for row in test.rows if row.sha256 not in known]
    if missing:
        say(f"Scoring {len(missing):,} images with {name}.")
        for row, found in zip(missing, system.score(row.path for row in missing), strict=True):
            known[row.sha256] = found.score
        write_json(file, known)
    values = [known[row.sha256] for row in test.rows]
    lost = sum(value is None for value in values)
    if lost == len(values):
        raise UserError(f"{name} can judge none of the test images.", f"Leave it out: --classic without {name}.")
    worst = min(value for value in values if value is not None)
    notes = (*system.card().notes, *((f"{lost} images without a score count as the worst",) if lost else ()))
    return Judged(name, np.array([worst - 1 if v is None else v for v in values], dtype=np.float64), notes)
