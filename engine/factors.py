"""Quality factors: why a score may be low. Cheap, without a network, the same on every machine.

All are measured on the luminance (ITU-R BT.601, 0 to 1) of the upright picture. Sharpness, exposure, contrast and noise
are read at a fixed size (short side 256, antialiased; smaller pictures are enlarged, as for the score), so that they
compare between pictures of different sizes; compression is read at the stored size, because blocks live there.

factor       0 means ...            1 means ...                  formula
sharpness    no detail              as sharp as a clean photo    variance v of the Laplacian: v / (v + 0.002)
exposure     all black or white     well exposed                 (1 - |2 m - 1|^2) (1 - c): mean m, share c clipped
contrast     flat                   the full range               5 % to 95 % quantile distance of the luminance
noise        clean                  grain of sd 0.1 or more      Immerkaer's sd, min(1, sd / 0.1)
compression  no blocks              blocks dominate              excess of the step over 8-pixel edges, e / (1 + e)

They describe the picture, not its worth: a blurred backdrop lowers sharpness, a dark stage lowers exposure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.image import resize_short_side

VERSION: Final = 1
"""Goes up whenever a formula changes; stored values of another version are not read."""
SIDE: Final = 256
_LAPLACE_HALF: Final = 0.002  # a face in focus at this size has about 0.004 to 0.02, one out of focus under 0.0005
_CLIPPED: Final = 2 / 255
_NOISE_FULL: Final = 0.1
_BLOCK: Final = 8
_TINY: Final = 1e-4
Plane = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Factors:
    """What was measured, each 0 to 1."""

    sharpness: float
    exposure: float
    contrast: float
    noise: float
    compression: float


def measure(image: Image.Image) -> Factors:
    """Measure an upright RGB picture, as `engine.image.decode` gives it."""
    stored = _luminance(image)
    fixed = _luminance(resize_short_side(image, SIDE))
    return Factors(
        sharpness=sharpness(fixed),
        exposure=exposure(fixed),
        contrast=contrast(fixed),
        noise=noise(fixed),
        compression=compression(stored),
    )


def _luminance(image: Image.Image) -> Plane:
    return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)


def sharpness(plane: Plane) -> float:
    """Variance of the 4-neighbour Laplacian (Pech-Pacheco et al., ICPR 2000), squeezed to 0 to 1 with 0.5 at 0.002."""
    if min(plane.shape) < 3:
        return 0.0
    inner = plane[1:-1, 1:-1]
    laplace = plane[:-2, 1:-1] + plane[2:, 1:-1] + plane[1:-1, :-2] + plane[1:-1, 2:] - 4 * inner
    variance = float(laplace.var(dtype=np.float64))
    return variance / (variance + _LAPLACE_HALF)


def exposure(plane: Plane) -> float:
    """1 at a mean of one half and nothing clipped; falls with the distance from it and with what is clipped."""
    mean = float(plane.mean(dtype=np.float64))
    clipped = float(((plane <= _CLIPPED) | (plane >= 1 - _CLIPPED)).mean())
    return (1 - abs(2 * mean - 1) ** 2) * (1 - clipped)


def contrast(plane: Plane) -> float:
    """Distance of the 5 % and 95 % quantiles of the luminance."""
    low, high = np.quantile(plane, (0.05, 0.95))
    return float(high - low)


def noise(plane: Plane) -> float:
    """Standard deviation of the noise by Immerkaer (CVIU 1996): mean |plane * N| sqrt(pi / 2) / 6, over 0.1.

    N is the difference of two Laplacians, which leaves edges and ramps mostly out; fine texture counts as noise.
    """
    if min(plane.shape) < 3:
        return 0.0
    rows = plane[:-2] - 2 * plane[1:-1] + plane[2:]
    mask = rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:]
    sd = float(np.abs(mask).mean(dtype=np.float64)) * float(np.sqrt(np.pi / 2)) / 6
    return min(1.0, sd / _NOISE_FULL)


def compression(plane: Plane) -> float:
    """How much larger the steps over the edges of 8 x 8 blocks are than those beside them (after Wang et al., 2002).

    The grid is taken to begin at the picture's corner, so a picture that was cropped after compression seems cleaner.
    """
    excess = max(0.0, (_excess(plane) + _excess(plane.T)) / 2)
    return excess / (1 + excess)


def _excess(plane: npt.NDArray[Any]) -> float:
    """Mean step over block columns, over the mean step within blocks, less one; 0 for pictures under two blocks."""
    if plane.shape[1] < 2 * _BLOCK + 1:
        return 0.0
    steps = np.abs(np.diff(plane, axis=1)).mean(axis=0, dtype=np.float64)
    over = np.arange(len(steps)) % _BLOCK == _BLOCK - 1
    return float(steps[over].mean() / (steps[~over].mean() + _TINY)) - 1
