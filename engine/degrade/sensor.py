"""What a sensor adds: the family `noise`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.degrade.pixels import (
    Degradation,
    Floats,
    Pixels,
    Values,
    at,
    encoded,
    gaussian,
    linear,
    scale,
    to_bytes,
)
from engine.degrade.steps import Kind

NOISE_SIGMA: Final[Values] = (3.2, 6.5, 11.0, 20.0, 45.0)  # grey levels at mid-grey
ISO_SIGMA: Final[Values] = (2.0, 4.0, 6.8, 11.5, 23.0)  # grey levels at mid-grey
LOW_LIGHT_PHOTONS: Final[Values] = (900.0, 260.0, 95.0, 33.0, 8.0)  # at full white
LOW_LIGHT_EV: Final[Values] = (0.1, 0.3, 0.6, 1.0, 1.7)  # stops that stay missing
IMPULSE_SHARE: Final[Values] = (0.0006, 0.002, 0.006, 0.02, 0.09)  # of the pixels


def noise(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Sensor noise: variance = read noise + photon noise (grows with the signal), partly grey, partly coloured.

    The grain is drawn sharp or, as after demosaicking, a little soft; its size follows the image, and its
    strength makes up for the averaging when the image is seen at VIEW pixels.
    """
    photon, colour, softness = rng.uniform(0.2, 0.8), rng.uniform(0.3, 0.9), rng.choice([0.0, 0.0, 0.45, 0.7])
    grain = _grain(pixels.shape, rng, colour)
    if softness:
        grain = gaussian(grain, softness)
    grain /= grain.std()
    strength = at(NOISE_SIGMA, severity) * max(scale(pixels), 1.0)
    signal = pixels.astype(np.float32)
    return to_bytes(signal + grain * strength * np.sqrt((1 - photon) + photon * (signal + 1) / 128))


def iso_noise(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """High ISO after the camera's own smoothing: coarse grain and coloured blotches, and a little softness."""
    strength = at(ISO_SIGMA, severity)
    fine = gaussian(_grain(pixels.shape, rng, 0.2), rng.uniform(0.5, 0.9) * scale(pixels))
    blotches = gaussian(rng.standard_normal(pixels.shape, dtype=np.float32), rng.uniform(1.5, 4.0) * scale(pixels))
    blotches -= blotches.mean(axis=2, keepdims=True)  # colour only
    soft = gaussian(pixels, 0.15 * strength**0.5 * scale(pixels))
    return to_bytes(soft + strength * (fine / fine.std() + 0.8 * blotches / blotches.std()))


def low_light(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Few photons, amplified: Poisson noise in linear light, most in the dark parts, and still somewhat too dark."""
    photons, per_side = at(LOW_LIGHT_PHOTONS, severity), max(scale(pixels), 0.5)
    full = photons / per_side**2  # so that the grain seen at VIEW pixels is the same
    counts = rng.poisson(linear(pixels) * full).astype(np.float32)
    counts += rng.normal(0, 0.4, counts.shape).astype(np.float32)  # read noise
    light = counts / np.float32(full) * np.float32(2.0 ** -at(LOW_LIGHT_EV, severity))
    return to_bytes(gaussian(encoded(light), 0.4 * scale(pixels)))


def impulse_noise(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Dust and dead pixels: single spots, black or white, as large as a pixel of the view."""
    height, width, _ = pixels.shape
    cell = max(1, round(scale(pixels)))
    shape = (-(-height // cell), -(-width // cell))
    chance, white = rng.random(shape), rng.random(shape) < 0.5
    share = at(IMPULSE_SHARE, severity)
    struck, is_white = (x.repeat(cell, 0).repeat(cell, 1)[:height, :width, None] for x in (chance < share, white))
    return np.where(struck, np.where(is_white, 245, 10), pixels).astype(np.uint8)


def _grain(shape: tuple[int, ...], rng: np.random.Generator, colour: float) -> Floats:
    """White noise [H, W, 3], `colour` of its variance of each channel's own."""
    grey = rng.standard_normal((*shape[:2], 1), dtype=np.float32)
    own: Floats = rng.standard_normal((*shape[:2], 3), dtype=np.float32)
    grain: Floats = (1 - colour) ** 0.5 * grey + colour**0.5 * own
    return grain


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {
    "noise": noise,
    "iso_noise": iso_noise,
    "low_light": low_light,
    "impulse_noise": impulse_noise,
}
