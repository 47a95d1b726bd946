"""What a model was trained on in this library, itself and the models it came from.

A model may not judge a label that it has learned: calibrating and looking for suspect labels ask here first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.library import models, runs
from app.library.library import Library
from app.library.models import ModelRow
from engine import manifest as manifests
from engine.errors import UserError
from engine.manifest import Row
from engine.run import RunDirectory

_LEARNED = ("train", "val")


@dataclass(frozen=True)
class Known:
    """The people and contents that a model has learned from, or was chosen by."""

    groups: frozenset[str]
    contents: frozenset[str]
    """sha256."""
    unknown: bool = False
    """A run that made it is gone, so nobody can say what it learned."""

    def has(self, row: Row) -> bool:
        """Whether the model may know this image's label."""
        return self.unknown or row.group in self.groups or bool(row.sha256 and row.sha256 in self.contents)


def learned(library: Library, model: ModelRow) -> Known:
    """All that `model` and its ancestors have learned here. A model from elsewhere has learned nothing here."""
    groups: set[str] = set()
    contents: set[str] = set()
    for directory in _runs(library, model):
        if directory is None:
            return Known(frozenset(), frozenset(), unknown=True)
        try:
            rows = manifests.read(RunDirectory(directory).manifest_file).rows
        except UserError:
            return Known(frozenset(), frozenset(), unknown=True)
        taught = [r for r in rows if r.mos is not None and r.split in _LEARNED]
        groups.update(r.group for r in taught if r.group)
        contents.update(r.sha256 for r in taught if r.sha256)
    return Known(frozenset(groups), frozenset(contents))


def untaught(library: Library, model: ModelRow) -> ModelRow | None:
    """The nearest ancestor (or `model` itself) that has learned nothing here; None: there is none in the library."""
    seen: set[str] = set()
    at: ModelRow | None = model
    while at is not None and at.id not in seen:
        if at.run_id is None:
            return at if at.path.is_file() else None
        seen.add(at.id)
        run = runs.find_run(library, at.run_id)
        at = models.find(library, run.model_before) if run and run.model_before else None
    return None


def _runs(library: Library, model: ModelRow) -> Iterator[Path | None]:
    """The runs that made `model` and its ancestors, the latest first; None where one is no longer on record."""
    seen: set[str] = set()
    at: ModelRow | None = model
    while at is not None and at.run_id is not None and at.id not in seen:
        seen.add(at.id)
        run = runs.find_run(library, at.run_id)
        if run is None:
            yield None
            return
        yield run.directory
        at = models.find(library, run.model_before) if run.model_before else None
