"""How good an untouched source is itself: the cap of the weak labels that are measured against it.

Nothing says how a source looked before it was shrunk, focused and saved, so this errs on the kind side: each fault
counts only as far as it goes beyond what pristine portraits of the same content show. The cap is the least of four:

- *size*: short side of the crop in its own pixels. A pristine portrait that is scaled down to that side and up again
  gets this label (`SIZE`).
- *softness*: how much of the strongest edges' steepness a further blur of `REBLUR` pixels leaves, at VIEW pixels
  (after Crete et al., 2007): little for sharp edges, nearly all for soft ones (`SOFTNESS`).
- *grain*: the median response of Immerkaer's noise mask (CVIU 1996) over the smoothest part (`GRAIN`).
- *blocks*: steps over the edges of 8 x 8 blocks against those within, in the stored picture (`engine.factors`), less
  as far as scaling down to the view averages them away (`BLOCKS`).

The numbers are medians of portraits with a known fault (scripts/calibrate_weak_labels.py), from the value on that one
pristine portrait in twenty reaches.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from engine import factors
from engine.degrade import VIEW
from engine.image import resize_short_side

Knots = tuple[tuple[float, float], ...]
"""(what was measured, cap) in rising order of what was measured."""
Plane = npt.NDArray[np.float32]

REBLUR: Final = 1.5  # px at VIEW
EDGES: Final = 0.9  # the strongest tenth of the gradients
SMOOTHEST: Final = 0.4  # share of the picture
SIZE: Final[Knots] = (
    *((0, 0.0), (16, 0.07), (24, 0.09), (46, 0.22), (76, 0.40), (112, 0.59), (160, 0.79), (220, 0.92), (288, 0.96)),
    (VIEW, 1.0),
)
SOFTNESS: Final[Knots] = ((0.69, 1.0), (0.755, 0.82), (0.838, 0.64), (0.904, 0.46), (0.953, 0.28), (0.978, 0.10))
GRAIN: Final[Knots] = ((0.003, 1.0), (0.0055, 0.82), (0.0105, 0.58), (0.0165, 0.38), (0.027, 0.22), (0.05, 0.09))
BLOCKS: Final[Knots] = ((0.30, 1.0), (0.465, 0.80), (0.60, 0.62), (0.683, 0.49), (0.76, 0.36), (0.9, 0.10))


def block_steps(stored: Image.Image) -> float:
    """Of the stored picture, upright RGB: 0 without a trace of 8 x 8 blocks, towards 1 where they dominate."""
    return factors.compression(_luminance(stored))


def cap(blocks: float, crop: Image.Image) -> float:
    """The least of the four; 1 for a source without a fault that can be told.

    Args:
        blocks: `block_steps` of the picture that the crop is from.
        crop: RGB, before any scaling.
    """
    side = min(crop.size)
    plane = view(crop)
    left = min(1.0, VIEW / side)  # scaling down to the view averages the rest away
    return min(
        _read(SIZE, side),
        _read(SOFTNESS, softness(plane)),
        _read(GRAIN, grain(plane)),
        _read(BLOCKS, blocks * left),
    )


def view(crop: Image.Image) -> Plane:
    """Luminance 0 to 1 at a short side of VIEW pixels."""
    return _luminance(resize_short_side(crop, VIEW))


def softness(plane: Plane) -> float:
    """Share of the gradient of the strongest edges that is left after a blur, 0 to 1."""
    before, after = _gradient(plane), _gradient(ndimage.gaussian_filter(plane, REBLUR, mode="mirror"))
    edges = before >= max(float(np.quantile(before, EDGES)), 1e-4)
    return float(after[edges].sum() / before[edges].sum()) if edges.any() else 1.0


def grain(plane: Plane) -> float:
    """Standard deviation of the noise, of a range of 1, where the picture is smooth."""
    activity = ndimage.uniform_filter(_gradient(ndimage.gaussian_filter(plane, 1.5)), 9)[1:-1, 1:-1]
    rows = plane[:-2] - 2 * plane[1:-1] + plane[2:]
    mask = np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])
    smooth = activity <= np.quantile(activity, SMOOTHEST)
    return float(np.median(mask[smooth])) / 0.6745 / 6


def _gradient(plane: Plane) -> Plane:
    down, right = np.gradient(plane)
    return np.asarray(np.hypot(down, right), dtype=np.float32)


def _luminance(picture: Image.Image) -> Plane:
    return np.asarray(picture.convert("L"), dtype=np.float32) / np.float32(255)


def _read(knots: Knots, value: float) -> float:
    values, caps = zip(*knots, strict=True)
    return float(np.interp(value, values, caps))
