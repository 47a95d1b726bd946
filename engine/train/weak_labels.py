"""A weak label in [0, 1] for a degraded image, measured against the image that it was made from.

It is no human opinion. The rule (`RULE`), in full:

1. Reference and degraded image are brought to a short side of `VIEW` pixels (bilinear with antialias, as for
   scoring) and smoothed by a Gaussian of `EYE_SIGMA` pixels, about what the eye passes at arm's length: without it
   these measures punish a fine grain far more than people do.
2. Five full-reference measures that need no learned weights (from `piq`): HaarPSI (Reisenhofer et al. 2018), MDSI
   (Nafchi et al. 2016, it also sees colour) and GMSD (Xue et al. 2014) there; VIFp (Sheikh and Bovik 2006) and
   MS-SSIM (Wang et al. 2003), which cost more, at a short side of `SMALL` pixels. They err on different sides: some are
   severe on noise, VIFp is severe on lost detail. (VSI costs as much as all of these together.)
3. Each goes through a fixed, strictly monotone, piecewise linear map (`ANCHORS`) on one scale, that of a Gaussian
   blur: blurs of 0.8, 1.3, 2.0, 3.4 and 6.5 pixels (at `VIEW`) on studio portraits read 0.82, 0.64, 0.46, 0.28 and
   0.10 in every measure (medians; scripts/calibrate_weak_labels.py). So a label of 0.46 says "as bad as a blur of
   2 pixels". *Structure* is the mean of the middle three: the kindest and the harshest measure do not count.
4. The measures normalise by local contrast, so they are nearly blind to wrong exposure and colour. *Tone* is
   exp(-(d / TONE_SCALE) ** TONE_POWER), where d is the RMS difference in CIELAB over a coarse grid, weighted towards
   the middle, where the face is: a wall behind it that goes dark costs less than a face that does.
5. label = structure x tone. Equal pixels give exactly 1.
6. A reference that is not pristine caps the label: by its own size, softness, grain and block edges
   (`engine.train.reference_caps`). Label and cap join as 1 / (1/label + 1/c - 1): never above either, equal to c for
   the untouched source, strictly growing with the label, and not punishing twice what is already bad.
7. Inside a ladder (one view of one source, one kind, rising severity) the labels are made to fall strictly
   (`in_order`): rungs that the measures put the wrong way round share their mean, then each rung is at least
   `LADDER_STEP` below the one before.

All but step 7 is fixed: an image has the same label whatever else is in its set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from scipy import ndimage

from engine.degrade import VIEW
from engine.train import torchvision_compat  # noqa: F401 - must come before piq, which imports torchvision

import piq  # isort: skip

Pixels = npt.NDArray[np.uint8]

RULE: Final = "five-measures-lab-tone-caps-v2"
PROVENANCE: Final = f"weak:{RULE}"
EYE_SIGMA: Final = 0.9  # px at VIEW
SMALL: Final = 176
LEVELS: Final = (1.0, 0.82, 0.64, 0.46, 0.28, 0.10, 0.0)
ANCHORS: Final = {
    "vif": (1.0, 0.923, 0.8183, 0.6963, 0.5316, 0.3372, 0.0),
    "haarpsi": (1.0, 0.9874, 0.9489, 0.8836, 0.77, 0.5854, 0.1),
    "mdsi": (0.0, 0.1671, 0.2317, 0.2832, 0.3337, 0.3873, 0.7),
    "gmsd": (0.0, 0.0061, 0.023, 0.0531, 0.1033, 0.1613, 0.4),
    "ms_ssim": (1.0, 0.9997, 0.9987, 0.9952, 0.9802, 0.9202, 0.1),
}
TONE_SCALE: Final = 46.0  # CIELAB units
TONE_POWER: Final = 1.4
TONE_GRID: Final = 16
TONE_CHROMA: Final = 0.7  # how much a difference in a* or b* counts against one in L*
TONE_MIDDLE: Final = 0.3  # sd of the weight, in sides of the picture
LADDER_STEP: Final = 0.01
_LUMA: Final = (0.2126, 0.7152, 0.0722)  # of linear light, IEC 61966-2-1
_XYZ: Final = ((0.4124, 0.3576, 0.1805), _LUMA, (0.0193, 0.1192, 0.9505))
_WHITE: Final = (0.9505, 1.0, 1.089)


@dataclass(frozen=True)
class Measures:
    """Raw measures of a degraded image against its reference; `tone` is an RMS difference in CIELAB units."""

    vif: float
    haarpsi: float
    mdsi: float
    gmsd: float
    ms_ssim: float
    tone: float


def weak_label(reference: Pixels, degraded: Pixels, *, cap: float = 1.0) -> float:
    """The weak label of `degraded`, in [0, 1].

    Args:
        reference: RGB, uint8 [H, W, 3], the untouched image.
        degraded: RGB, uint8 [H, W, 3], the same view of it.
        cap: label of the reference itself (`engine.train.reference_caps`).

    Raises:
        ValueError: the two images differ in size.
    """
    if reference.shape == degraded.shape and np.array_equal(reference, degraded):
        return cap
    return under_cap(join(measure(reference, degraded)), cap)


@torch.inference_mode()
def measure(reference: Pixels, degraded: Pixels) -> Measures:
    """The raw measures; see the module."""
    if reference.shape != degraded.shape:
        raise ValueError(f"reference {reference.shape} and degraded {degraded.shape} differ in size")
    x, y = view(degraded), view(reference)
    small_x, small_y = _smaller(x), _smaller(y)
    return Measures(
        vif=float(piq.vif_p(small_x, small_y)),
        haarpsi=float(piq.haarpsi(x, y)),
        mdsi=float(piq.mdsi(x, y)),
        gmsd=float(piq.gmsd(x, y)),
        ms_ssim=float(piq.multi_scale_ssim(small_x, small_y)),
        tone=_tone_distance(x, y),
    )


def join(measures: Measures) -> float:
    """Steps 3 to 5 of the rule: mapped, the middle ones averaged, times tone."""
    mapped = sorted(_mapped(getattr(measures, name), knots) for name, knots in ANCHORS.items())
    tone = np.exp(-((measures.tone / TONE_SCALE) ** TONE_POWER))
    return float(np.clip(np.mean(mapped[1:-1]) * tone, 0, 1))


def under_cap(label: float, cap: float) -> float:
    """Step 6 of the rule (the Hamacher product of the two)."""
    if label <= 0 or cap <= 0:
        return 0.0
    return 1 / (1 / label + 1 / cap - 1)


def in_order(labels: Sequence[float]) -> list[float]:
    """Step 7 of the rule: labels of a ladder, mildest first, made to fall strictly, all above 0.

    Falling pools of neighbours (isotonic regression), then a least step, then scaled back above 0 where it ran out.
    """
    pools: list[list[float]] = []
    for label in labels:
        pools.append([label])
        while len(pools) > 1 and np.mean(pools[-2]) <= np.mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    level = [float(np.mean(pool)) for pool in pools for _ in pool]
    for k in range(1, len(level)):
        level[k] = min(level[k], level[k - 1] - LADDER_STEP)
    for k in range(len(level)):
        level[k] = max(level[k], 0.001 * (len(level) - k))  # still falling, but not below 0
    for k in range(len(level) - 2, -1, -1):
        level[k] = max(level[k], level[k + 1] + 0.001)
    return level


def _mapped(value: float, knots: tuple[float, ...]) -> float:
    levels = np.array(LEVELS)
    order = np.argsort(knots)
    return float(np.interp(value, np.array(knots)[order], levels[order]))


def view(pixels: Pixels) -> torch.Tensor:
    """Step 1 of the rule: RGB float in [0, 1], [1, 3, H, W], short side VIEW."""
    image = Image.fromarray(pixels)
    factor = VIEW / min(image.size)
    if factor != 1:
        size = (round(image.width * factor), round(image.height * factor))
        image = image.resize(size, Image.Resampling.BILINEAR)
    seen = ndimage.gaussian_filter(np.asarray(image, dtype=np.float32) / 255, (EYE_SIGMA, EYE_SIGMA, 0), mode="mirror")
    return torch.from_numpy(np.ascontiguousarray(seen.transpose(2, 0, 1)))[None]


def _smaller(x: torch.Tensor) -> torch.Tensor:
    size = [round(side * SMALL / VIEW) for side in x.shape[2:]]
    small: torch.Tensor = torch.nn.functional.interpolate(x, size=size, mode="area").clamp(0, 1)
    return small


def _tone_distance(x: torch.Tensor, y: torch.Tensor) -> float:
    difference = (_layout(x) - _layout(y)).square()
    per_cell = difference[:, 0] + TONE_CHROMA**2 * (difference[:, 1] + difference[:, 2])
    return float((per_cell * _middle()).sum().sqrt())


def _middle() -> torch.Tensor:
    """Weights of the cells, [TONE_GRID, TONE_GRID], sum 1."""
    place = (torch.arange(TONE_GRID) + 0.5) / TONE_GRID - 0.5
    weight = torch.exp(-((place / TONE_MIDDLE) ** 2) / 2)
    both = weight[:, None] * weight[None, :]
    return both / both.sum()


def _layout(x: torch.Tensor) -> torch.Tensor:
    """CIELAB (D65) of the mean light in a coarse grid, [1, 3, TONE_GRID, TONE_GRID]."""
    linear = torch.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    cells: Any = torch.nn.functional.adaptive_avg_pool2d(linear, TONE_GRID)
    xyz = torch.einsum("ij,bjhw->bihw", torch.tensor(_XYZ), cells) / torch.tensor(_WHITE)[:, None, None]
    f = torch.where(xyz > 216 / 24389, xyz.clamp_min(1e-6) ** (1 / 3), xyz * (24389 / 27 / 116) + 16 / 116)
    return torch.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], dim=1)
