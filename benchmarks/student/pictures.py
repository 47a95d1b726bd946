"""The pictures of the measurements, all of people outside split train."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.student.unseen import UNSEEN
from engine import groups, image, manifest
from engine.degrade import FAMILIES, KINDS, SEVERITIES, Pixels, degrade, rng_for
from engine.train.degrade_sources import FaceBox, crop_around, to_size

SMALL_SIDE: Final = 200
"""A stored portrait narrower than this is poor by its own facts: small, scanned or shrunk, and compressed."""
LARGE_SIDE: Final = 330
Score = Callable[[Pixels], float]


@dataclass(frozen=True)
class Source:
    """A held-out picture."""

    row: manifest.Row
    name: str

    def load(self) -> Image.Image:
        return image.decode(image.read_file(self.row.path).data, path=self.row.path)

    def crop(self, view: int = 0) -> Pixels:
        """A head with some context, at most 448 pixels long."""
        picture = self.load()
        box = crop_around(FaceBox.of(self.row.extra), picture.size, rng_for(0, self.name, view))
        return np.asarray(to_size(picture.crop(box), 448))


def held_out(faces: Path, seed: int) -> list[Source]:
    """Every picture of people who are not in split train of this seed, in the manifest's order."""
    rows = manifest.read(faces).rows
    kept = [r for r in rows if r.group and groups.split_of(r.group, salt=str(seed)) != "train"]
    return [Source(r, r.path.relative_to(faces.resolve().parent).as_posix()) for r in kept]


def pristine(sources: list[Source], count: int) -> list[Source]:
    """Large studio portraits, spread over the manifest, one of a person."""
    people = {s.row.group: s for s in sources if min(int(s.row.extra["width"]), int(s.row.extra["height"])) >= 1000}
    found = list(people.values())
    return [found[k] for k in np.linspace(0, len(found) - 1, min(count, len(found))).round().astype(int)]


def poor_and_good(sources: list[Source]) -> tuple[list[Source], list[Source]]:
    """Real ones: stored small, and stored large; of the same collections and others, never the same person."""
    studio = [s for s in sources if not s.name.startswith("snapshots/")]
    poor = [s for s in studio if int(s.row.extra["width"]) <= SMALL_SIDE]
    people = {s.row.group for s in poor}
    good = [s for s in studio if int(s.row.extra["width"]) >= LARGE_SIDE and s.row.group not in people]
    return poor, good


def ladders(sources: list[Source]) -> Iterator[tuple[str, str, list[Pixels]]]:
    """(family or 'unseen', kind, the clean picture and five severities) of every kind on every source."""
    family = {kind: name for name, kinds in FAMILIES.items() for kind in kinds}
    for source in sources:
        clean = source.crop()
        for kind in KINDS:
            rungs = [degrade(clean, kind, s, rng_for(1, source.name, 0)) for s in SEVERITIES]
            yield family[kind], kind, [clean, *rungs]
        for name, make in UNSEEN.items():
            yield "unseen", name, [clean, *(make(clean, s, rng_for(1, source.name, 0)) for s in SEVERITIES)]
