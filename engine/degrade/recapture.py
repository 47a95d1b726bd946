"""A picture of a picture: the family `recapture`."""

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
    grey,
    linear,
    scale,
    smooth_field,
    to_bytes,
)
from engine.degrade.steps import Kind

SCREEN: Final[Values] = (0.08, 0.18, 0.34, 0.58, 1.0)  # of everything that a recapture does
PRINT: Final[Values] = (0.15, 0.32, 0.54, 0.8, 1.15)
OLD_PHOTO: Final[Values] = (0.06, 0.14, 0.26, 0.46, 0.9)


def screen(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Photographed from a display: moire, veil, a colour of its own, soft."""
    amount, (height, width) = at(SCREEN, severity), pixels.shape[:2]
    soft = gaussian(pixels, 2.2 * amount * scale(pixels))
    y, x = np.mgrid[:height, :width].astype(np.float32) / np.float32(scale(pixels))
    ripples: Floats = np.ones((height, width, 3), dtype=np.float32)
    for channel, shift in enumerate(rng.uniform(0, 0.8, 3)):
        angle, period, bend = rng.uniform(0, np.pi), rng.uniform(3.5, 12), rng.uniform(0, 0.0006)
        along = x * np.cos(angle) + y * np.sin(angle) + bend * (x * x + y * y)
        wave = np.sin(2 * np.pi * along / period + shift).astype(np.float32)
        ripples[..., channel] += np.float32(0.3 * amount) * wave
    tint = 1 + amount * rng.normal(0, 0.1, 3).astype(np.float32)
    light = linear(to_bytes(soft)) * ripples * tint
    return to_bytes(encoded(light * np.float32(1 - 0.45 * amount) + np.float32(0.2 * amount)))


def print_(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Scanned from newsprint or a book: a dot screen in each ink, paper that is not white, ink that is not black."""
    amount, (height, width) = at(PRINT, severity), pixels.shape[:2]
    period = rng.uniform(3.0, 5.5)  # px at VIEW
    y, x = np.mgrid[:height, :width].astype(np.float32) / np.float32(scale(pixels))
    grey_only = rng.random() < 0.5
    signal = gaussian(pixels, 1.6 * amount * scale(pixels))
    signal = signal + np.float32(amount if grey_only else 0.4 * amount) * (grey(signal) - signal)
    dots: Floats = np.empty((height, width, 3), dtype=np.float32)
    for channel, degrees in enumerate((45, 45, 45) if grey_only else (15, 75, 45)):
        angle = np.deg2rad(degrees)
        u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        dots[..., channel] = np.sin(2 * np.pi * u / period) * np.sin(2 * np.pi * v / period)
    screened = signal + np.float32(90 * amount) * dots
    paper = np.array([235, 230, 215], dtype=np.float32)
    return to_bytes(screened * np.float32(1 - 0.4 * amount) + paper * np.float32(0.22 * amount))


def old_photo(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """An old print, scanned: faded to grey or brown, soft, grainy, stained, scratched."""
    amount, (height, width) = at(OLD_PHOTO, severity), pixels.shape[:2]
    tone = np.array([1.0, 0.93, 0.8] if rng.random() < 0.5 else [1.0, 1.0, 1.0], dtype=np.float32)
    soft = gaussian(pixels, 2.6 * amount * scale(pixels))
    faded = soft + np.float32(min(1.0, 2.5 * amount)) * (grey(soft) * tone - soft)
    grain = gaussian(rng.standard_normal((height, width, 1), dtype=np.float32), rng.uniform(0.5, 1.3) * scale(pixels))
    stains = smooth_field((height, width), rng, 5)
    worn = faded + np.float32(amount) * (22 * grain / grain.std() + 12 * stains)
    worn = worn * np.float32(1 - 0.5 * amount) + np.float32(110 * amount)
    return to_bytes(worn + _scratches((height, width), rng, amount))


def _scratches(shape: tuple[int, int], rng: np.random.Generator, amount: float) -> Floats:
    """Bright lines from edge to edge [H, W, 1]; a heavier wear has those of a lighter one and more."""
    height, width = shape
    lines: Floats = np.zeros((height, width, 1), dtype=np.float32)
    for number in range(8):
        start, slope, strength = rng.uniform(0, width), rng.uniform(-0.3, 0.3), rng.uniform(30, 90)
        if number < round(8 * amount):
            rows = np.arange(height)
            columns = np.rint(start + slope * rows).astype(int)
            inside = (columns >= 0) & (columns < width)
            lines[rows[inside], columns[inside]] = strength * amount
    return lines


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {"screen": screen, "print": print_, "old_photo": old_photo}
