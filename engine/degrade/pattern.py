"""What cheap sensors, old video and lost data leave behind, with a structure of its own: the family `pattern`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from PIL import Image
from scipy import ndimage, special

from engine.degrade.pixels import (
    VIEW,
    Degradation,
    Floats,
    Pixels,
    Values,
    at,
    convolve,
    grey,
    resized,
    scale,
    to_bytes,
)
from engine.degrade.steps import Kind

STRIPES: Final[Values] = (1.6, 3.0, 4.9, 8.5, 20.0)  # sd of a line, grey levels
TAPE: Final[Values] = (0.08, 0.18, 0.32, 0.55, 1.0)  # of everything that a tape does
GHOST: Final[Values] = (0.08, 0.15, 0.24, 0.36, 0.5)  # share of the second picture
RINGING: Final[Values] = (0.185, 0.145, 0.112, 0.075, 0.042)  # cycles per px that still pass
MOSAIC: Final[Values] = (330, 230, 155, 95, 50)  # px on the short side, each with one colour only
LOST: Final[Values] = (0.005, 0.019, 0.055, 0.13, 0.36)  # of the blocks
_RING: Final = 14  # px from the middle of the kernel to its edge
_NYQUIST: Final = 0.5


def stripes(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Every line of a sensor or scanner with an offset of its own, along one side, grey or coloured."""
    unit = scale(pixels)
    lines = _lines(pixels.shape[0], rng, 3 if rng.random() < 0.5 else 1, unit)[:, None, :]
    upright = _lines(pixels.shape[1], rng, 1, unit)[None, :, :]
    offset = upright if rng.random() < 0.4 else lines
    return to_bytes(pixels.astype(np.float32) + np.float32(at(STRIPES, severity)) * offset)


def tape(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A frame of an analogue video: smeared along the lines, colour far more and late, lines that tremble, hiss."""
    amount, unit = at(TAPE, severity), scale(pixels)
    luma = grey(pixels)
    colour = pixels.astype(np.float32) - luma
    late = 9 * amount * unit * rng.uniform(0.5, 1)
    colour = ndimage.gaussian_filter(colour, (1.5 * amount * unit, 11 * amount * unit, 0), mode="nearest")
    colour = ndimage.shift(colour, (0, late, 0), order=1, mode="nearest")
    luma = ndimage.gaussian_filter(luma, (0.6 * amount * unit, 4.5 * amount * unit, 0), mode="nearest")
    hiss = ndimage.gaussian_filter(rng.standard_normal(luma.shape), (0.5 * unit, 1.6 * unit, 0))
    whole = luma + colour + np.float32(14 * amount) * (hiss / hiss.std()).astype(np.float32)
    return to_bytes(_trembling(whole, 2.5 * amount * unit * _lines(len(whole), rng, 1, unit)[:, 0]))


def ghosting(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A second, weaker picture beside the first: a double exposure, an echo of an aerial."""
    share, angle = at(GHOST, severity), rng.uniform(0, np.pi)
    reach = rng.uniform(5, 16) * scale(pixels)
    moved = ndimage.shift(pixels, (reach * np.sin(angle), reach * np.cos(angle), 0), order=1, mode="nearest")
    return to_bytes((1 - share) * pixels.astype(np.float32) + share * moved.astype(np.float32))


def ringing(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """All frequencies above a limit cut off, in every direction alike: ripples along every edge (a jinc kernel)."""
    wanted = at(RINGING, severity) / scale(pixels)
    limit = wanted / (1 + (wanted / _NYQUIST) ** 6) ** (1 / 6)  # nears the most that a small picture can hold
    half = int(np.ceil(_RING * max(1.0, 0.1 / at(RINGING, severity)) * max(scale(pixels), 0.5)))
    distance = np.hypot(*np.mgrid[-half : half + 1, -half : half + 1]) * 2 * np.pi * limit
    kernel = np.divide(special.j1(distance), distance, out=np.full(distance.shape, 0.5), where=distance > 0)
    return to_bytes(convolve(pixels, (kernel / kernel.sum()).astype(np.float32)))


def mosaic(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """A small sensor with one colour at each place (Bayer), read without care: colour moire, zips along edges."""
    factor = at(MOSAIC, severity) / VIEW
    height, width = pixels.shape[:2]
    small = resized(pixels, (max(4, round(width * factor)), max(4, round(height * factor))), Image.Resampling.NEAREST)
    out: Floats = np.empty(small.shape, dtype=np.float32)
    rows, columns = np.mgrid[: small.shape[0], : small.shape[1]] + rng.integers(0, 2, 2)[:, None, None]
    red, blue = (rows % 2 == 0) & (columns % 2 == 0), (rows % 2 == 1) & (columns % 2 == 1)
    for channel, known in enumerate((red, ~(red | blue), blue)):
        held = ndimage.uniform_filter(known.astype(np.float32), 3, mode="mirror")
        filled = ndimage.uniform_filter(np.where(known, small[..., channel], 0).astype(np.float32), 3, mode="mirror")
        out[..., channel] = np.where(known, small[..., channel], filled / held)
    return resized(to_bytes(out), (width, height), Image.Resampling.BICUBIC)


def lost_blocks(pixels: Pixels, severity: float, rng: np.random.Generator) -> Pixels:
    """Parts of a stream that never came, filled with what stands beside them."""
    side = max(4, round(rng.choice([12, 16, 24]) * scale(pixels)))
    height, width = pixels.shape[:2]
    chance = rng.random((-(-height // side), -(-width // side)))
    apart = int(rng.choice([-1, 1])) * side
    down = apart if rng.random() < 0.5 else 0
    beside = ndimage.shift(pixels, (down, apart, 0), order=0, mode="mirror")
    rank = chance.argsort(axis=None).argsort().reshape(chance.shape)
    count = max(round(at(LOST, severity) * chance.size), int(severity))  # each severity loses more than the one before
    lost = (rank < count).repeat(side, 0).repeat(side, 1)[:height, :width, None]
    return np.where(lost, beside, pixels)


def _lines(count: int, rng: np.random.Generator, channels: int, unit: float) -> Floats:
    """[count, channels] of mean 0 and sd 1: fine lines, as thick as a pixel of the view, and some broad ones."""
    seen = max(2, round(count / max(unit, 1.0)))
    values = rng.standard_normal((seen, channels))
    values += 0.7 * ndimage.gaussian_filter1d(rng.standard_normal((seen, channels)), 2.5, axis=0) * 3
    values = values[np.arange(count) * seen // count]
    found: Floats = ((values - values.mean()) / max(values.std(), 1e-6)).astype(np.float32)
    return found


def _trembling(values: Floats, reach: Floats) -> Floats:
    """Every line moved along itself by its `reach` in pixels."""
    rows, columns = np.mgrid[: values.shape[0], : values.shape[1]].astype(np.float32)
    columns += reach[:, None]
    parts = [ndimage.map_coordinates(values[..., c], [rows, columns], order=1, mode="nearest") for c in range(3)]
    return np.stack(parts, 2)


FUNCTIONS: Final[Mapping[Kind, Degradation]] = {
    "stripes": stripes,
    "tape": tape,
    "ghosting": ghosting,
    "ringing": ringing,
    "mosaic": mosaic,
    "lost_blocks": lost_blocks,
}
