"""A simulated curator, whose taste is stated: minds noise far more than blur. Faces with both, and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from tests import pictures

NOISE, BLUR, SLIP = 0.2, 0.03, 0.04
"""What one step of noise and one of blur cost, in MOS, and the spread of the curator's own hand."""


@dataclass(frozen=True)
class Face:
    """A picture on disk, who is on it, and what the curator says of it."""

    path: Path
    person: str
    mos: float
    noise: int
    blur: int
    """Steps of each, 0 to 4."""


def opinion(noise: float, blur: float, rng: np.random.Generator) -> float:
    """MOS in [0, 1] of a face with so many steps of noise and blur."""
    return float(np.clip(0.95 - NOISE * noise - BLUR * blur + rng.normal(0.0, SLIP), 0.0, 1.0))


def spoil(image: Image.Image, noise: int, blur: int, rng: np.random.Generator) -> Image.Image:
    """Steps 0..4 of each."""
    image = image.filter(ImageFilter.GaussianBlur(0.7 * blur)) if blur else image
    pixels = np.asarray(image.convert("RGB"), dtype=np.float64)
    return Image.fromarray(np.clip(pixels + rng.normal(0.0, 8.0 * noise, pixels.shape), 0, 255).astype(np.uint8))


def faces(
    folder: Path, count: int, *, per_person: int = 2, originals: Sequence[Path] = (), side: int = 96, seed: int = 0
) -> list[Face]:
    """`count` faces of drawn people (and of `originals` where given), each spoilt its own way, and their labels."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        person = number // per_person
        noise, blur = int(rng.integers(0, 5)), int(rng.integers(0, 5))
        if person < len(originals):
            image = Image.open(originals[person]).convert("RGB").resize((side, side))
        else:
            image = pictures.face(person, (side, side))
        path = pictures.save(spoil(image, noise, blur, rng), folder / f"p{person:03}-{number:04}.png")
        made.append(Face(path, f"person {person}", opinion(noise, blur, rng), noise, blur))
    return made
