"""What lens and motion do: the family `blur`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import numpy as np

from engine.degrade.pixels import Degradation, Floats, Pixels, Values, at, convolve, gaussian, scale, to_bytes
from engine.degrade.steps import Kind

BLUR_SIGMA: Final[Values] = (0.8, 1.3, 2.0, 3.4, 6.5)  # px
DEFOCUS_RADIUS: Final[Values] = (1.4, 2.2, 3.4, 5.5, 10.0)  # px
MOTION_LENGTH: Final[Values] = (3.5, 6.0, 9.5, 16.0, 34.0)  # px
ORIENTED_SIGMA: Final[Values] = (1.1, 1.8, 2.8, 4.8, 9.0)  # px along the longer axis


def blur(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Gaussian."""
    return to_bytes(gaussian(pixels, at(BLUR_SIGMA, severity) * scale(pixels)))


def oriented_blur(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Gaussian with two unlike axes."""
    angle, ratio = rng.uniform(0, np.pi), rng.uniform(0.25, 0.6)
    sigma = at(ORIENTED_SIGMA, severity) * scale(pixels)
    half = int(np.ceil(3 * sigma))
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    kernel = np.exp(-((along / sigma) ** 2 + (across / (ratio * sigma)) ** 2) / 2)
    return to_bytes(convolve(pixels, _of_sum_one(kernel)))


def defocus(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """An open aperture: a disc."""
    radius = at(DEFOCUS_RADIUS, severity) * scale(pixels)
    half = int(np.ceil(radius))
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)  # the edge pixels count by how much is covered
    return to_bytes(convolve(pixels, _of_sum_one(kernel)))


def motion_blur(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A straight motion while the shutter is open."""
    angle, length = rng.uniform(0, np.pi), at(MOTION_LENGTH, severity) * scale(pixels)
    half = int(np.ceil(length / 2))
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    along = np.abs(x * np.cos(angle) + y * np.sin(angle))
    across = np.abs(y * np.cos(angle) - x * np.sin(angle))
    kernel = np.clip(length / 2 + 0.5 - along, 0, 1) * np.clip(1 - across, 0, 1)
    return to_bytes(convolve(pixels, _of_sum_one(kernel)))


def _of_sum_one(kernel: np.ndarray) -> Floats:
    return cast(Floats, (kernel / kernel.sum()).astype(np.float32))


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {
    "blur": blur,
    "oriented_blur": oriented_blur,
    "defocus": defocus,
    "motion_blur": motion_blur,
}
