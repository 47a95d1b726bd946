"""Natural scene statistics of a luminance picture, as NIQE and BRISQUE use them.

Luminance, divided by its local contrast (MSCN), is distributed in a typical way in an undisturbed photograph: MSCN
values follow a generalised Gaussian (GGD), products of neighbours an asymmetric one (AGGD). Distortion changes the
parameters, which are fitted here by matching moments. Sources: Mittal, Moorthy and Bovik, IEEE TIP 21(12), 2012
(BRISQUE); Mittal, Soundararajan and Bovik, IEEE SPL 20(3), 2013 (NIQE); Lasmar et al., ICIP 2009 (AGGD).

All functions take stacks of patches, float64 [P, H, W], and work on all patches at once. SciPy is loaded by those that
need it: the window knows the names of these systems from its start, and need not pay for what it may never compute.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

FloatArray = npt.NDArray[np.float64]

FEATURES_OF_SCALE: Final = 18
VERSION: Final = 1
"""Raise when the same picture gives other features, so that cached features and stored models are refused."""
_TAPS: Final = np.exp(-0.5 * (np.arange(-3, 4) / (7 / 6)) ** 2)
_WINDOW: Final = _TAPS / _TAPS.sum()  # 7 x 7, sigma 7/6: the product of two of these
_STABILISER: Final = 1.0  # added to the local contrast, in grey levels
_ROUNDING: Final = 1e-4
"""Grey levels; less is no texture but the arithmetic. One level in the corner of the window makes 1.6e-4."""
_NEIGHBOURS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))  # right, below, and the two diagonals
_SHAPES: Final = np.linspace(0.2, 10.0, 9801)


def _log_gamma(values: FloatArray) -> FloatArray:
    from scipy.special import gammaln

    return np.asarray(gammaln(values))


@lru_cache(maxsize=1)
def _ratios() -> FloatArray:
    """rho(a) = Gamma(2/a)^2 / (Gamma(1/a) Gamma(3/a)), which rises with a, at `_SHAPES`: E|x|^2 / E x^2 of a GGD."""
    log = _log_gamma
    return np.exp(2 * log(2 / _SHAPES) - log(1 / _SHAPES) - log(3 / _SHAPES))


class Aggd(NamedTuple):
    """Parameters of asymmetric generalised Gaussians, one per patch [P]; NaN where a patch is constant.

    `left` and `right` are the standard deviations of the two sides.
    """

    shape: FloatArray
    left: FloatArray
    right: FloatArray

    @property
    def scale(self) -> FloatArray:
        """Factor from a standard deviation to the parameter beta of its side."""
        log = _log_gamma
        return np.asarray(np.exp(0.5 * (log(1 / self.shape) - log(3 / self.shape))))

    @property
    def mean(self) -> FloatArray:
        """eta = (beta_right - beta_left) Gamma(2/a) / Gamma(1/a)."""
        log = _log_gamma
        spread = np.exp(log(2 / self.shape) - log(1 / self.shape))
        return np.asarray((self.right - self.left) * self.scale * spread)


def luminance(image: Image.Image) -> FloatArray:
    """Luma 0..255 of an RGB picture, [H, W]: ITU-R BT.601 weights on the code values, rounded, as rgb2gray gives."""
    return np.asarray(image.convert("L"), dtype=np.float64)


def halved(grey: FloatArray) -> FloatArray:
    """Half the size (rounded up), bicubic with antialias: the second scale."""
    picture = Image.fromarray(grey.astype(np.float32))
    size = (-(-picture.width // 2), -(-picture.height // 2))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC), dtype=np.float64)


def mscn(grey: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean-subtracted, contrast-normalised coefficients and the local contrast (in grey levels), both [H, W]."""
    mean = _smoothed(grey)
    contrast = np.sqrt(np.abs(_smoothed(grey**2) - mean**2))
    apart = grey - mean
    return np.where(np.abs(apart) < _ROUNDING, 0.0, apart) / (contrast + _STABILISER), contrast


def _smoothed(grey: FloatArray) -> FloatArray:
    from scipy import ndimage

    rows = ndimage.correlate1d(grey, _WINDOW, axis=0, mode="nearest")
    return np.asarray(ndimage.correlate1d(rows, _WINDOW, axis=1, mode="nearest"))


def patches(picture: FloatArray, side: int) -> FloatArray:
    """Cut [H, W], whose sides are multiples of `side`, into [P, side, side], row by row."""
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    cut = picture.reshape(rows, side, columns, side).swapaxes(1, 2)
    return np.ascontiguousarray(cut.reshape(rows * columns, side, side))


def fit_ggd(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shape and variance [P] of generalised Gaussians with mean 0, from [P, ...]; NaN where all values are 0."""
    flat = values.reshape(len(values), -1)
    variance = np.mean(flat**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.mean(np.abs(flat), axis=1) ** 2 / variance
    return _shape_of(ratio), variance


def fit_aggd(values: FloatArray) -> Aggd:
    """Asymmetric generalised Gaussians with mode 0, from [P, ...]."""
    flat = values.reshape(len(values), -1)
    left, right = _side(np.minimum(flat, 0.0)), _side(np.maximum(flat, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.mean(np.abs(flat), axis=1) ** 2 / np.mean(flat**2, axis=1)
        # (g^3 + 1)(g + 1) / (g^2 + 1)^2 with g = left / right, written so that a missing side does no harm.
        lopsided = (left**3 + right**3) * (left + right) / (left**2 + right**2) ** 2
    return Aggd(_shape_of(ratio * lopsided), left, right)


def _side(values: FloatArray) -> FloatArray:
    count = np.count_nonzero(values, axis=1)
    return np.asarray(np.sqrt(np.sum(values**2, axis=1) / np.maximum(count, 1)))


def _shape_of(ratio: FloatArray) -> FloatArray:
    return np.where(np.isfinite(ratio), np.interp(ratio, _ratios(), _SHAPES), np.nan)


def _neighbour_fits(coefficients: FloatArray) -> list[Aggd]:
    """Products with the neighbour in each direction. Patches are rolled, as in the original: the edge meets itself."""
    return [fit_aggd(coefficients * np.roll(coefficients, shift, axis=(1, 2))) for shift in _NEIGHBOURS]


def brisque_features(coefficients: FloatArray) -> FloatArray:
    """[P, 18]: GGD shape and variance, then shape, mean and both variances of the products in each direction."""
    columns = [*fit_ggd(coefficients)]
    for fit in _neighbour_fits(coefficients):
        columns += [fit.shape, fit.mean, fit.left**2, fit.right**2]
    return np.stack(columns, axis=1)


def niqe_features(coefficients: FloatArray) -> FloatArray:
    """[P, 18]: AGGD shape and mean beta, then shape, mean and both betas of the products in each direction."""
    whole = fit_aggd(coefficients)
    columns = [whole.shape, (whole.left + whole.right) / 2 * whole.scale]
    for fit in _neighbour_fits(coefficients):
        columns += [fit.shape, fit.mean, fit.left * fit.scale, fit.right * fit.scale]
    return np.stack(columns, axis=1)
