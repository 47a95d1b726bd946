"""What saving does: the family `compression`. Blocks are as large as the format makes them, at any image size."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

import numpy as np
from PIL import Image

from engine.degrade.pixels import Degradation, Pixels, Values, at
from engine.degrade.steps import Kind

JPEG_QUALITY: Final[Values] = (40, 18, 11, 7, 4)
WEBP_QUALITY: Final[Values] = (42, 14, 4, 1, 0)
WEBP_SHRINK: Final[Values] = (1.0, 1.0, 0.92, 0.6, 0.3)  # its worst quality is not that bad: then fewer pixels
RESAVED_QUALITY: Final[Values] = (48, 26, 15, 9, 5)


def jpeg(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Saved as JPEG with 4:2:0 colour; the weak label measures what that does."""
    return _jpeg(pixels, round(at(JPEG_QUALITY, severity)))


def webp(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Saved as lossy WebP, at the higher severities of a smaller picture."""
    picture, factor = Image.fromarray(pixels), at(WEBP_SHRINK, severity)
    small = picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=round(at(WEBP_QUALITY, severity)), method=1)
    return np.asarray(Image.open(buffer).convert("RGB").resize(picture.size, Image.Resampling.BICUBIC))


def resaved(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Passed on and saved four times, each time on another block grid: shifted, and once scaled a little."""
    quality, seen = at(RESAVED_QUALITY, severity), pixels
    for turn in range(4):
        down, right = (int(n) for n in rng.integers(1, 8, size=2))
        shifted = np.pad(seen, ((down, 8), (right, 8), (0, 0)), mode="edge")
        if turn == 1:
            size = shifted.shape[1::-1]
            picture = Image.fromarray(shifted).resize((round(size[0] * 0.93), round(size[1] * 0.93)))
            shifted = np.asarray(Image.fromarray(_jpeg(np.asarray(picture), round(quality))).resize(size))
        else:
            shifted = _jpeg(shifted, round(quality * (1 + 0.1 * turn)))
        seen = shifted[down : down + pixels.shape[0], right : right + pixels.shape[1]]
    return np.ascontiguousarray(seen)


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Image.open(buffer))


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {"jpeg": jpeg, "webp": webp, "resaved": resaved}
