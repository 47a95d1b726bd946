"""What a model was trained on in this library, itself and the models it came from.

A model may not judge a label that it has learned: calibrating and looking for suspect labels ask here first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.library import models, runs
from app.library.library import Library
from app.library.models import ModelRow
from engine import manifest as manifests
from engine.errors import UserError
from engine.manifest import Row
from engine.run import RunDirectory

_LEARNED: Final = ("train", "val")
_KEPT: Final = 32
"""Manifests of which is remembered what they taught."""


@dataclass(frozen=True)
class Known:
    """The people and contents that a model has learned from, or was chosen by."""

    groups: frozenset[str]
    contents: frozenset[str]
    """sha256."""
    unknown: bool = False
    """A run that made it, or a model that it came from, is gone, so nobody can say what it learned."""

    def has(self, row: Row) -> bool:
        """Whether the model may know this image's label."""
        return self.has_seen(row.group, row.sha256)

    def has_seen(self, group: str, sha256: str) -> bool:
        """Whether the model may know a label of this group or content."""
        return self.unknown or group in self.groups or bool(sha256 and sha256 in self.contents)


def learned(library: Library, model: ModelRow) -> Known:
    """All that `model` and its ancestors have learned here. A model from elsewhere has learned nothing here."""
    groups: set[str] = set()
    contents: set[str] = set()
    for directory in _runs(library, model):
        if directory is None:
            return Known(frozenset(), frozenset(), unknown=True)
        try:
            taught = _taught_by(RunDirectory(directory).manifest_file)
        except (UserError, OSError):
            return Known(frozenset(), frozenset(), unknown=True)
        groups |= taught.groups
        contents |= taught.contents
    return Known(frozenset(groups), frozenset(contents))


def _taught_by(manifest: Path) -> Known:
    """What a run has learned by its manifest, which is written once: read anew only where the file is another one."""
    status = manifest.stat()
    return _read(manifest, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=_KEPT)
def _read(manifest: Path, _mtime_ns: int, _size: int) -> Known:
    taught = [r for r in manifests.read(manifest).rows if r.mos is not None and r.split in _LEARNED]
    return Known(frozenset(r.group for r in taught if r.group), frozenset(r.sha256 for r in taught if r.sha256))


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
    """The runs that made `model` and its ancestors, the latest first; None where a run or a model is gone."""
    seen: set[str] = set()
    at: ModelRow | None = model
    while at is not None and at.run_id is not None and at.id not in seen:
        seen.add(at.id)
        run = runs.find_run(library, at.run_id)
        if run is None:
            yield None
            return
        yield run.directory
        before = run.model_before
        at = models.find(library, before) if before else None
        if before and at is None:
            yield None
