"""What the degradations share: value tables, rounding, light, filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Values = tuple[float, float, float, float, float]
"""One value for each severity, at a short side of VIEW pixels."""
Degradation = Callable[[Pixels, float, np.random.Generator], Pixels]
"""(RGB uint8 [H, W, 3], severity 1 to 5, nuisances) to the degraded image, a new array of the same shape."""

VIEW: Final = 352
LUMA: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""ITU-R BT.601, of code values."""


def at(values: Values, severity: float) -> float:
    """The table's value at a severity of 1 to 5, linear in between."""
    return float(np.interp(severity, (1, 2, 3, 4, 5), values))


def scale(pixels: Pixels) -> float:
    """How large the image is, against the view."""
    return float(min(pixels.shape[:2])) / VIEW


def to_bytes(values: npt.NDArray[np.floating]) -> Pixels:
    return cast(Pixels, np.clip(np.rint(values), 0, 255).astype(np.uint8))


def linear(pixels: Pixels) -> Floats:
    """sRGB code values to linear light in [0, 1] (IEC 61966-2-1)."""
    codes = np.arange(256, dtype=np.float32) / 255
    table = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return table[pixels]


def encoded(light: Floats) -> Floats:
    """Linear light to sRGB code values 0..255, not yet rounded."""
    light = np.clip(light, 0, 1)
    return cast(Floats, 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def grey(values: npt.NDArray[np.generic]) -> Floats:
    """Luminance [H, W, 1] of code values [H, W, 3]."""
    return cast(Floats, (values.astype(np.float32) @ LUMA)[..., None])


def gaussian(values: npt.NDArray[np.generic], sigma: float) -> Floats:
    """Every channel of [H, W, C] smoothed, edges mirrored."""
    return cast(Floats, ndimage.gaussian_filter(values.astype(np.float32), (sigma, sigma, 0), mode="mirror"))


def convolve(values: npt.NDArray[np.generic], kernel: Floats) -> Floats:
    """Every channel with one kernel (sum 1), edges mirrored; by FFT, so the cost does not grow with the kernel."""
    pad = kernel.shape[0] // 2
    framed = np.pad(values.astype(np.float32), ((pad, pad), (pad, pad), (0, 0)), mode="symmetric")
    shape = [int(n) for n in framed.shape[:2]]
    spectrum = np.fft.rfft2(framed, axes=(0, 1)) * np.fft.rfft2(kernel, s=shape)[..., None]
    # Circular convolution: what wraps around lands in the first 2 * pad rows and columns, which are cut off.
    return cast(Floats, np.fft.irfft2(spectrum, s=shape, axes=(0, 1))[2 * pad :, 2 * pad :].astype(np.float32))


def resized(pixels: Pixels, size: tuple[int, int], how: Image.Resampling) -> Pixels:
    """To `size` (w, h)."""
    return np.asarray(Image.fromarray(pixels).resize(size, how))


def smooth_field(shape: tuple[int, int], rng: np.random.Generator, cells: int) -> Floats:
    """A random field [H, W, 1] of mean 0 and sd 1 that changes over about 1/`cells` of the image."""
    coarse = rng.standard_normal((cells + 1, cells + 1)).astype(np.float32)
    field = np.asarray(Image.fromarray(coarse).resize(shape[::-1], Image.Resampling.BICUBIC))
    return cast(Floats, ((field - field.mean()) / max(float(field.std()), 1e-6))[..., None])
