"""Comparisons of systems: read from their folder, or made of the library's labels by a child process."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.library import snapshot
from app.library.library import Library
from app.services.training import jobs
from engine.benchmark import kept
from engine.benchmark.kept import Comparison
from engine.errors import UserError
from engine.image import Pixels, display_pixels, read_file

QUICK: Final = ("niqe", "brisque")
"""Systems that need minutes and no training packages beyond scikit-learn; the floors always stand with them."""
_FACE_SIDE: Final = 800
_STEM: Final = 16
"""Digits of the snapshot's hash that name the folder; the results know all of them."""


def read_face(path: Path) -> Pixels:
    """The picture of a file, uint8 [h, w, 3], at most 800 pixels long.

    Raises:
        ImageError: it cannot be read.
    """
    return display_pixels(read_file(path).data, path=path, max_side=_FACE_SIDE)


@dataclass(frozen=True)
class Begun:
    """A comparison that is being made: of which snapshot, in which folder."""

    manifest: Path
    folder: Path

    @property
    def command(self) -> str:
        """What a person types for the whole table, with the networks."""
        return f'fiqa benchmark "{self.manifest}" --out "{self.folder}"'


def compare_labels(library: Library) -> Generator[Begun | None, None, Comparison]:
    """Compare the quick systems on the labels as they are now, by a child process; its place is yielded first.

    Stopped with its generator; begun again on the same labels, it goes on.

    Raises:
        UserError: no table can be made of these labels.
    """
    usable = snapshot.look(library)
    if (reason := snapshot.shortage(snapshot.summarise(library, usable))) is not None:
        raise UserError(reason)
    manifest = snapshot.write(library, snapshot.take(library, usable=usable))
    folder = library.directory / "comparisons" / manifest.stem[:_STEM]
    yield Begun(manifest, folder)
    before = _written_at(folder)
    arguments = ("benchmark", str(manifest), "--out", str(folder), "--systems", ",".join(QUICK), "--recipe", "tiny")
    try:
        yield from jobs.run_to_end(jobs.engine_command(*arguments))
    except jobs.JobError:
        if _written_at(folder) == before:
            raise
        # A row without numbers ends the command with a status of its own; the table says why.
    return kept.read(folder)


def _written_at(folder: Path) -> int:
    try:
        return (folder / kept.RESULTS).stat().st_mtime_ns
    except OSError:
        return 0
