"""The pictures of the measurements, all of people outside split train."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, cast

import numpy as np
from PIL import Image

from benchmarks.student.panel import Make, open_picture
from benchmarks.student.unseen import UNSEEN
from engine import groups, manifest
from engine.degrade import FAMILIES, KINDS, SEVERITIES, Kind, Pixels, degrade, rng_for
from engine.errors import UserError
from engine.train.degrade_sources import FaceBox, crop_around, to_size

SMALL_SIDE: Final = 200
"""A stored portrait narrower than this is poor by its own facts: small, scanned or shrunk, and compressed."""
LARGE_SIDE: Final = 330
PRISTINE_SIDE: Final = 1000
FEWEST_LADDERS: Final = 12
FAMILY_OF: Final[Mapping[str, str]] = {kind: name for name, kinds in FAMILIES.items() for kind in kinds}


@dataclass(frozen=True)
class Source:
    """A held-out picture."""

    row: manifest.Row
    name: str

    def load(self) -> Image.Image:
        return open_picture(self.row.path)

    def crop(self, view: int = 0) -> Pixels:
        """A head with some context, at most 448 pixels long."""
        picture = self.load()
        box = crop_around(FaceBox.of(self.row.extra), picture.size, rng_for(0, self.name, view))
        return np.asarray(to_size(picture.crop(box), 448))

    @property
    def short_side(self) -> int:
        return min(int(self.row.extra["width"]), int(self.row.extra["height"]))


def held_out(faces: Path, seed: int, splits: Sequence[str] = ("val", "cal", "test")) -> list[Source]:
    """Every picture of people who are in these splits of this seed, in the manifest's order; never split train."""
    assert "train" not in splits
    rows = manifest.read(faces).rows
    kept = [r for r in rows if r.group and groups.split_of(r.group, salt=str(seed)) in splits]
    return [Source(r, r.path.relative_to(faces.resolve().parent).as_posix()) for r in kept]


def require_strangers(sources: Iterable[Source], table: manifest.Manifest) -> None:
    """The seed decides who is held out: a wrong one would judge with people whom the training saw.

    Raises:
        UserError: a source shows somebody who is in split train of the set that was trained on.
    """
    trained = {r.group for r in table.rows if r.split == "train" or r.pool}
    if known := {s.row.group for s in sources} & trained:
        raise UserError(
            f"{len(known)} people of the measurement are in split train ('{min(known)}').",
            "Give --seed as the data recipe has it, and the set that the model was trained on.",
        )


def pristine(sources: list[Source], count: int) -> list[Source]:
    """Large studio portraits, spread over the manifest, one of a person.

    Raises:
        UserError: there are fewer than `count` people.
    """
    people = {s.row.group: s for s in sources if s.short_side >= PRISTINE_SIDE}
    found = list(people.values())
    if len(found) < count:
        raise UserError(f"{len(found)} people have a portrait of {PRISTINE_SIDE} px, {count} ladders were asked for.")
    return [found[k] for k in np.linspace(0, len(found) - 1, count).round().astype(int)]


def poor_and_good(sources: list[Source]) -> tuple[list[Source], list[Source]]:
    """Real ones: stored small, and stored large; of the same collections and others, never the same person."""
    studio = [s for s in sources if not s.name.startswith("snapshots/")]
    poor = [s for s in studio if int(s.row.extra["width"]) <= SMALL_SIDE]
    people = {s.row.group for s in poor}
    good = [s for s in studio if int(s.row.extra["width"]) >= LARGE_SIDE and s.row.group not in people]
    return poor, good


@dataclass(frozen=True)
class Ladder:
    """Five severities of one kind on one picture, made from the same clean crop with the same nuisances."""

    source: Source
    family: str
    """'unseen' for a kind that no training has."""
    kind: str

    def rungs(self, clean: Pixels) -> list[Pixels]:
        """Severities 1 to 5."""
        make = UNSEEN[self.kind] if self.family == "unseen" else partial(_seen, kind=cast(Kind, self.kind))
        return [make(clean, severity, rng_for(1, self.source.name, 0)) for severity in SEVERITIES]


def _seen(pixels: Pixels, severity: int, rng: np.random.Generator, *, kind: Kind) -> Pixels:
    return degrade(pixels, kind, severity, rng)


def ladders_of(source: Source) -> list[Ladder]:
    """One of every kind."""
    seen = [Ladder(source, FAMILY_OF[kind], kind) for kind in KINDS]
    return [*seen, *(Ladder(source, "unseen", kind) for kind in UNSEEN)]


def ladder_units(sources: Iterable[Source]) -> Iterator[Make]:
    """For each source its clean crop, then its ladders in the order of `ladders_of`; the crop is made once."""
    for source in sources:
        clean = source.crop()
        yield partial(_pictures, [clean])
        for ladder in ladders_of(source):
            yield partial(_ladder, ladder, clean)


def _ladder(ladder: Ladder, clean: Pixels) -> list[Image.Image]:
    return _pictures(ladder.rungs(clean))


def _pictures(pixels: Sequence[Pixels]) -> list[Image.Image]:
    return [Image.fromarray(p) for p in pixels]


def whole_unit(source: Source) -> list[Image.Image]:
    """The picture as it is stored."""
    return [source.load()]


def head_unit(source: Source) -> list[Image.Image]:
    """The head, cropped alike for all."""
    return [Image.fromarray(source.crop())]
