"""A weak label in [0, 1] for a degraded image, measured against the image that it was made from.

It is no human opinion. The rule (`RULE`), in full:

1. Reference and degraded image are brought to a short side of `VIEW` pixels (bilinear with antialias, as for
   scoring) and smoothed by a Gaussian of `EYE_SIGMA` pixels, about what the eye passes at arm's length: without it
   these measures punish a fine grain far more than people do.
2. Three full-reference measures that need no learned weights (from `piq`): VIFp (Sheikh and Bovik 2006), HaarPSI
   (Reisenhofer et al. 2018), MDSI (Nafchi et al. 2016, it also sees colour). They err on different sides: HaarPSI
   and MDSI are severe on noise, VIFp is severe on lost detail.
3. Each goes through a fixed, strictly monotone, piecewise linear map (`ANCHORS`) on one scale, that of a Gaussian
   blur: blurs of 0.8, 1.3, 2.0, 3.4 and 6.5 pixels (at `VIEW`) on studio portraits read 0.82, 0.64, 0.46, 0.28 and
   0.10 in every measure (medians; scripts/calibrate_weak_labels.py). So a label of 0.46 says "as bad as a blur of
   2 pixels". *Structure* is the mean of the three.
4. All three normalise by local contrast, so they are nearly blind to a wrong exposure. *Tone* is
   exp(-(d / TONE_SCALE) ** TONE_POWER), where d is the RMS difference of lightness L* over a coarse grid: the layout
   of light, without detail.
5. label = structure x tone. Equal pixels give exactly 1.
6. A reference that is itself small is not pristine. Its cap c is the label that a pristine portrait gets when it is
   scaled down to that short side and up again (`NATIVE_CAP`, by steps 1 to 5). Label and cap join as
   1 / (1/label + 1/c - 1): never above either, equal to c for the untouched source, strictly growing with the label,
   and not punishing twice what is already bad.

Everything is fixed: an image has the same label whatever else is in its set.
"""

from __future__ import annotations

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

RULE: Final = "vif-haarpsi-mdsi-tone-v1"
PROVENANCE: Final = f"weak:{RULE}"
EYE_SIGMA: Final = 0.9  # px at VIEW
LEVELS: Final = (1.0, 0.82, 0.64, 0.46, 0.28, 0.10, 0.0)
ANCHORS: Final = {
    "vif": (1.0, 0.900, 0.770, 0.625, 0.445, 0.275, 0.0),
    "haarpsi": (1.0, 0.990, 0.960, 0.898, 0.769, 0.586, 0.10),
    "mdsi": (0.0, 0.154, 0.215, 0.268, 0.324, 0.383, 0.70),
}
TONE_SCALE: Final = 46.0  # L* units
TONE_POWER: Final = 1.4
TONE_GRID: Final = 16
NATIVE_CAP: Final = (
    *((16, 0.07), (24, 0.09), (46, 0.22), (76, 0.40), (112, 0.59), (160, 0.79), (220, 0.92), (288, 0.96)),
    (VIEW, 1.0),
)
_LUMA: Final = (0.2126, 0.7152, 0.0722)  # of linear light, IEC 61966-2-1


@dataclass(frozen=True)
class Measures:
    """Raw measures of a degraded image against its reference; `tone` is an RMS difference in L* (0..100)."""

    vif: float
    haarpsi: float
    mdsi: float
    tone: float


def weak_label(reference: Pixels, degraded: Pixels, *, native_side: int = VIEW) -> float:
    """The weak label of `degraded`, in [0, 1].

    Args:
        reference: RGB, uint8 [H, W, 3], the untouched image.
        degraded: RGB, uint8 [H, W, 3], the same view of it.
        native_side: short side, in pixels, at which the reference really was taken; below `VIEW` it caps the label.

    Raises:
        ValueError: the two images differ in size.
    """
    cap = native_cap(native_side)
    if reference.shape == degraded.shape and np.array_equal(reference, degraded):
        return cap
    return under_cap(join(measure(reference, degraded)), cap)


@torch.inference_mode()
def measure(reference: Pixels, degraded: Pixels) -> Measures:
    """The raw measures at the working size; see the module."""
    if reference.shape != degraded.shape:
        raise ValueError(f"reference {reference.shape} and degraded {degraded.shape} differ in size")
    x, y = _view(degraded), _view(reference)
    return Measures(
        vif=float(piq.vif_p(x, y)),
        haarpsi=float(piq.haarpsi(x, y)),
        mdsi=float(piq.mdsi(x, y)),
        tone=float((_light_layout(x) - _light_layout(y)).square().mean().sqrt()),
    )


def join(measures: Measures) -> float:
    """Steps 3 to 5 of the rule: mapped, averaged, times tone."""
    structure = np.mean([_mapped(getattr(measures, name), knots) for name, knots in ANCHORS.items()])
    tone = np.exp(-((measures.tone / TONE_SCALE) ** TONE_POWER))
    return float(np.clip(structure * tone, 0, 1))


def native_cap(short_side: int) -> float:
    """The label that a pristine portrait gets after scaling down to this short side and up again."""
    sides, labels = zip(*NATIVE_CAP, strict=True)
    return float(np.interp(short_side, (0, *sides), (0.0, *labels)))


def under_cap(label: float, cap: float) -> float:
    """Step 6 of the rule (the Hamacher product of the two)."""
    if label <= 0 or cap <= 0:
        return 0.0
    return 1 / (1 / label + 1 / cap - 1)


def _mapped(value: float, knots: tuple[float, ...]) -> float:
    levels = np.array(LEVELS)
    order = np.argsort(knots)
    return float(np.interp(value, np.array(knots)[order], levels[order]))


def _view(pixels: Pixels) -> torch.Tensor:
    image = Image.fromarray(pixels)
    factor = VIEW / min(image.size)
    if factor != 1:
        size = (round(image.width * factor), round(image.height * factor))
        image = image.resize(size, Image.Resampling.BILINEAR)
    seen = ndimage.gaussian_filter(np.asarray(image, dtype=np.float32) / 255, (EYE_SIGMA, EYE_SIGMA, 0), mode="mirror")
    return torch.from_numpy(np.ascontiguousarray(seen.transpose(2, 0, 1)))[None]


def _light_layout(x: torch.Tensor) -> torch.Tensor:
    """CIE L* of the mean light in a coarse grid, [1, TONE_GRID, TONE_GRID]."""
    linear = torch.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    weights: Any = torch.tensor(_LUMA)[:, None, None]
    y = torch.nn.functional.adaptive_avg_pool2d((linear * weights).sum(1), TONE_GRID)
    return torch.where(y > 216 / 24389, 116 * y.clamp_min(1e-6) ** (1 / 3) - 16, y * (24389 / 27))
