"""Too much of a good thing done afterwards: the family `processing`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

from engine.degrade.pixels import VIEW, Degradation, Floats, Pixels, Values, at, gaussian, scale, to_bytes
from engine.degrade.steps import Kind

SHARPEN: Final[Values] = (0.35, 0.85, 1.8, 4.0, 11.0)  # times the detail
SMOOTH_RADIUS: Final[Values] = (2.0, 3.5, 5.5, 9.0, 16.0)  # px
SMOOTH_EDGE: Final[Values] = (8.0, 12.0, 18.0, 28.0, 50.0)  # grey levels that still count as skin
RESTORED_SIDE: Final[Values] = (300, 220, 150, 90, 46)  # px on the short side that were there


def oversharpened(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Unsharp masking with halos."""
    radius = rng.uniform(0.9, 2.0) * scale(pixels)
    signal = pixels.astype(np.float32)
    return to_bytes(signal + np.float32(at(SHARPEN, severity)) * (signal - gaussian(pixels, radius)))


def smoothed(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """The "beauty" filter: skin without texture, edges kept."""
    radius, edge = at(SMOOTH_RADIUS, severity) * scale(pixels), at(SMOOTH_EDGE, severity)
    return to_bytes(_guided(pixels.astype(np.float32), radius, edge))


def restored(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A face restored from too few pixels: hard edges, invented ripples, waxy in between."""
    picture = Image.fromarray(pixels)
    side = at(RESTORED_SIDE, severity) / VIEW
    small = picture.resize((max(1, round(picture.width * side)), max(1, round(picture.height * side))))
    small = small.filter(ImageFilter.MedianFilter(3))
    large = np.asarray(small.resize(picture.size, Image.Resampling.LANCZOS), dtype=np.float32)
    grain = rng.uniform(0.8, 1.6) * scale(pixels) / side
    for _ in range(2):
        large = np.clip(large + 0.55 * (large - gaussian(large, grain)), 0, 255).astype(np.float32)
        large = _guided(large, 0.8 * grain, 10.0)
    return to_bytes(large)


def _guided(signal: Floats, radius: float, edge: float) -> Floats:
    """Guided filter of each channel by itself (He et al., 2013): smooth where the variance is below edge^2."""
    size = 2 * max(1, round(radius)) + 1

    def mean(values: Floats) -> Floats:
        return cast(Floats, ndimage.uniform_filter(values, (size, size, 1), mode="mirror"))

    average = mean(signal)
    variance = mean(signal * signal) - average * average
    slope = (variance / (variance + np.float32(edge**2))).astype(np.float32)
    return mean(slope) * signal + mean(average - slope * average)


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {
    "oversharpened": oversharpened,
    "smoothed": smoothed,
    "restored": restored,
}
