"""Too few pixels: the family `resolution`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from PIL import Image

from engine.degrade.pixels import VIEW, Degradation, Pixels, Values, at
from engine.degrade.steps import Kind

LOW_RESOLUTION: Final[Values] = (160, 110, 74, 46, 24)  # px on the short side, before scaling up again
PIXELATED: Final[Values] = (190, 132, 90, 56, 27)  # px on the short side

_DOWN: Final = (Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
_UP: Final = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


def low_resolution(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Scaled down and up again, each by one of the usual kernels."""
    down, up = rng.choice(len(_DOWN)), rng.choice(len(_UP))
    return _through(pixels, at(LOW_RESOLUTION, severity), _DOWN[down], _UP[up])


def pixelated(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Scaled up without interpolation: squares."""
    return _through(pixels, at(PIXELATED, severity), Image.Resampling.BOX, Image.Resampling.NEAREST)


def _through(pixels: Pixels, side: float, down: Image.Resampling, up: Image.Resampling) -> Pixels:
    picture, factor = Image.fromarray(pixels), side / VIEW
    small = picture.resize((max(1, round(picture.width * factor)), max(1, round(picture.height * factor))), down)
    return np.asarray(small.resize(picture.size, up))


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {"low_resolution": low_resolution, "pixelated": pixelated}
