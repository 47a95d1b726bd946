"""Wrong light and colour: the family `tone`."""

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
    grey,
    linear,
    smooth_field,
    to_bytes,
)
from engine.degrade.steps import Kind

UNDER_EV: Final[Values] = (0.5, 1.0, 1.6, 2.4, 3.8)  # stops
OVER_EV: Final[Values] = (0.3, 0.65, 1.1, 1.8, 3.0)  # stops
LOW_CONTRAST: Final[Values] = (0.86, 0.72, 0.55, 0.37, 0.16)  # of the contrast that is left
HIGH_CONTRAST: Final[Values] = (1.35, 1.8, 2.5, 4.0, 9.0)  # slope at mid-grey
FADED_COLOUR: Final[Values] = (0.7, 0.45, 0.25, 0.1, 0.0)  # of the saturation that is left
STRONG_COLOUR: Final[Values] = (1.5, 2.0, 2.8, 4.0, 7.0)  # times the saturation
CAST: Final[Values] = (0.16, 0.32, 0.55, 0.95, 1.8)  # stops between channels
BANDS: Final[Values] = (20, 12, 8, 5, 3)  # levels of a channel
HAZE: Final[Values] = (0.03, 0.08, 0.15, 0.27, 0.55)  # of the light that is lost to the veil
GLARE: Final[Values] = (0.07, 0.17, 0.36, 0.8, 2.0)  # light added at the middle of the spot


def under_exposure(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    return to_bytes(encoded(linear(pixels) * np.float32(2.0 ** -at(UNDER_EV, severity))))


def over_exposure(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    return to_bytes(encoded(linear(pixels) * np.float32(2.0 ** at(OVER_EV, severity))))


def low_contrast(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Towards a flat grey near the picture's own mean."""
    middle = np.float32(pixels.mean() + rng.uniform(-15, 25))
    return to_bytes(middle + (pixels - middle) * np.float32(at(LOW_CONTRAST, severity)))


def high_contrast(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A steep curve: shadows and lights are lost."""
    middle = np.float32(rng.uniform(105, 150))
    slope = np.float32(at(HIGH_CONTRAST, severity))
    reach = np.tanh(slope * np.float32(0.6))
    return to_bytes(middle + np.tanh((pixels - middle) / 128 * slope * np.float32(0.6)) / reach * 128)


def faded_colour(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Down to grey, and a little paler, as dyes fade."""
    left = np.float32(at(FADED_COLOUR, severity))
    faded = grey(pixels) * (1 - left) + pixels * left
    return to_bytes(faded + (200 - faded) * (np.float32(0.25) * (1 - left)))


def strong_colour(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    light = grey(pixels)
    return to_bytes(light + (pixels - light) * np.float32(at(STRONG_COLOUR, severity)))


def colour_cast(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A wrong white balance, in any direction of colour."""
    angle = rng.uniform(0, 2 * np.pi) + np.array([0, 2, 4]) * np.pi / 3
    gains = 2.0 ** (at(CAST, severity) * np.cos(angle))
    return to_bytes(encoded(linear(pixels) * (gains / gains.max() ** 0.5).astype(np.float32)))


def banding(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Too few levels."""
    levels = np.float32(at(BANDS, severity) - 1)
    return to_bytes(np.rint(pixels / np.float32(255) * levels) / levels * 255)


def haze(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A bright veil, uneven, as of a dirty lens, mist or a window."""
    veil, tint = rng.uniform(0.55, 0.9), 1 + rng.normal(0, 0.03, 3).astype(np.float32)
    uneven = 1 + np.float32(0.15) * smooth_field(pixels.shape[:2], rng, 3)
    lost = np.clip(np.float32(at(HAZE, severity)) * uneven, 0, np.float32(0.97))
    return to_bytes(encoded(linear(pixels) * (1 - lost) + lost * np.float32(veil) * tint))


def glare(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A lamp or a reflection: a spot of light that spreads over the picture."""
    height, width, _ = pixels.shape
    cx, cy = rng.uniform(0.25, 0.75) * width, rng.uniform(0.2, 0.7) * height
    y, x = np.mgrid[:height, :width].astype(np.float32)
    distance = np.hypot((x - cx) * rng.uniform(0.5, 1.0), y - cy) / (rng.uniform(0.18, 0.35) * min(height, width))
    spot: Floats = np.exp(-distance)[..., None].astype(np.float32)
    warm = np.array([1.0, rng.uniform(0.9, 1.0), rng.uniform(0.75, 1.0)], dtype=np.float32)
    return to_bytes(encoded(linear(pixels) + np.float32(at(GLARE, severity)) * spot * warm))


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {
    "under_exposure": under_exposure,
    "over_exposure": over_exposure,
    "low_contrast": low_contrast,
    "high_contrast": high_contrast,
    "faded_colour": faded_colour,
    "strong_colour": strong_colour,
    "colour_cast": colour_cast,
    "banding": banding,
    "haze": haze,
    "glare": glare,
}
