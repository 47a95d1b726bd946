"""Degradations that no training set has: for severity ladders of kinds never seen.

Some have a relative that was learned from (`interlaced` and `fringes` in `tape`, `median` in `restored`), as kinds in
the wild have.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

from engine.degrade import VIEW, Pixels

Unseen = Callable[[Pixels, int, np.random.Generator], Pixels]


def jpeg2000(pixels: Pixels, severity: int, rng: np.random.Generator) -> Pixels:
    """Wavelet compression."""
    buffer = io.BytesIO()
    rate = (40, 80, 150, 300, 700)[severity - 1]
    Image.fromarray(pixels).save(buffer, "JPEG2000", quality_mode="rates", quality_layers=[rate])
    return np.asarray(Image.open(buffer).convert("RGB"))


def jitter(pixels: Pixels, severity: int, rng: np.random.Generator) -> Pixels:
    """Every pixel taken from somewhere near."""
    reach = (0.6, 1.1, 1.8, 3.0, 6.0)[severity - 1] * min(pixels.shape[:2]) / VIEW
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    rows += rng.normal(0, reach, rows.shape).astype(np.float32)
    columns += rng.normal(0, reach, columns.shape).astype(np.float32)
    return np.stack([ndimage.map_coordinates(c, [rows, columns], order=1, mode="mirror") for c in _channels(pixels)], 2)


def dithered(pixels: Pixels, severity: int, rng: np.random.Generator) -> Pixels:
    """An optimised palette of few colours, dithered, as in old GIF files."""
    colours = (48, 20, 10, 6, 3)[severity - 1]
    return np.asarray(Image.fromarray(pixels).quantize(colours).convert("RGB"))


def median(pixels: Pixels, severity: int, rng: np.random.Generator) -> Pixels:
    """A median filter: what wipes dust away wipes lashes away."""
    size = (3, 5, 9, 13, 21)[severity - 1]
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(size)))


def fringes(pixels: Pixels, severity: int, rng: np.random.Generator) -> Pixels:
    """Chromatic aberration: red and blue apart."""
    shift = (1.0, 2.0, 4.0, 7.0, 14.0)[severity - 1] * min(pixels.shape[:2]) / VIEW
    red, green, blue = _channels(pixels)
    moved = [ndimage.shift(c, (s / 2, s), order=1, mode="mirror") for c, s in ((red, shift), (blue, -shift))]
    return np.stack([moved[0], green, moved[1]], 2)


def interlaced(pixels: Pixels, severity: int, rng: np.random.Generator) -> Pixels:
    """Two half-pictures of a moving camera."""
    shift = max(1, round((1.5, 3, 5, 9, 18)[severity - 1] * min(pixels.shape[:2]) / VIEW))
    out = pixels.copy()
    out[1::2] = np.roll(pixels[1::2], shift, axis=1)
    return out


def _channels(pixels: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    return pixels[..., 0], pixels[..., 1], pixels[..., 2]


UNSEEN: Final[Mapping[str, Unseen]] = {
    "jpeg2000": jpeg2000,
    "jitter": jitter,
    "dithered": dithered,
    "median": median,
    "fringes": fringes,
    "interlaced": interlaced,
}
