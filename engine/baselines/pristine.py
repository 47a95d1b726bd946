"""NIQE's idea of undisturbed faces: the mean and covariance of natural scene statistics of sharp patches.

Learned from good images (`learn`), shipped with the program, or read from the original MATLAB file (`read_mat`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from engine.baselines import arrays, nss
from engine.baselines.contract import NotFittedError
from engine.baselines.files import in_order, open_picture
from engine.baselines.nss import FloatArray
from engine.errors import UserError
from engine.image import ImageError

SIDE: Final = 96
"""Side of a patch in pixels at the first scale; half of it at the second."""
LEAST_SIDE: Final = 2 * SIDE
"""Pixels of the shorter side that two by two patches need."""
FEATURES: Final = 2 * nss.FEATURES_OF_SCALE
SHARPNESS: Final = 0.75
"""A patch counts as pristine whose mean local contrast is above so much of the sharpest one's in its picture."""
FEW_IMAGES: Final = 50
FEWEST_PATCHES: Final = 100
_KIND: Final = "niqe"
OnImage = Callable[[int, int], None]


@dataclass(frozen=True)
class Pristine:
    """A multivariate Gaussian of patch features: `mean` [36] and `covariance` [36, 36]."""

    mean: FloatArray
    covariance: FloatArray
    origin: str = ""
    """Where the pictures came from, with credit."""
    images: int = 0
    patches: int = 0

    @property
    def id(self) -> str:
        """Hash of the numbers."""
        return hashlib.sha256(self.mean.tobytes() + self.covariance.tobytes()).hexdigest()

    def save(self, path: Path) -> None:
        """Write an .npz file without pickles."""
        about = {"kind": _KIND, "features": nss.VERSION, "origin": self.origin, "images": self.images}
        arrays.write(path, {"mean": self.mean, "covariance": self.covariance}, {**about, "patches": self.patches})

    @staticmethod
    def load(path: Path) -> Pristine:
        """What `save` wrote.

        Raises:
            NotFittedError: missing, damaged, or of other features than these.
        """
        found, about = arrays.read(path, _KIND, ("mean", "covariance"))
        if about.get("features") != nss.VERSION:
            raise NotFittedError(f"{path} was fitted on features of another version.", "Fit it again.")
        return _checked(found["mean"], found["covariance"], path, **_said(about))


def _said(about: dict[str, Any]) -> dict[str, Any]:
    return {name: about.get(name, default) for name, default in (("origin", ""), ("images", 0), ("patches", 0))}


def _checked(mean: Any, covariance: Any, path: Path, **said: Any) -> Pristine:
    mean = np.ascontiguousarray(mean, dtype=np.float64).ravel()
    covariance = np.ascontiguousarray(covariance, dtype=np.float64)
    if mean.shape != (FEATURES,) or covariance.shape != (FEATURES, FEATURES) or not np.isfinite(covariance).all():
        raise NotFittedError(f"{path} holds no mean of {FEATURES} features and their covariance.")
    return Pristine(mean, covariance, **said)


def read_mat(path: Path) -> Pristine:
    """The parameters of the original release (`mu_prisparam`, `cov_prisparam`).

    Raises:
        NotFittedError: it is no such file.
    """
    from scipy import io

    try:
        found = io.loadmat(str(path))
        mean, covariance = found["mu_prisparam"], found["cov_prisparam"]
    except FileNotFoundError:
        raise NotFittedError(f"There is no file {path}.") from None
    except Exception as error:  # loadmat raises anything on a damaged file
        raise NotFittedError(
            f"{path} holds no NIQE parameters ({error}).",
            "Give the .mat file of the original release; it has mu_prisparam and cov_prisparam.",
        ) from error
    return _checked(mean, covariance, path, origin=f"imported from {path.name}")


def too_small(width: int, height: int) -> str:
    """Why NIQE refuses a picture of so many pixels; empty where it does not."""
    if min(width, height) >= LEAST_SIDE:
        return ""
    return f"{width} x {height} pixels are too few for NIQE, which needs {LEAST_SIDE} x {LEAST_SIDE}"


def patch_features(image: Image.Image, path: Path) -> tuple[FloatArray, FloatArray]:
    """Features [P, 36] and sharpness [P] of the patches of the middle of a picture; flat patches are left out.

    Raises:
        ImageError: fewer than two by two patches fit into it, or fewer than two are not flat.
    """
    if reason := too_small(*image.size):
        raise ImageError(path, reason)
    width, height = (n // SIDE * SIDE for n in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    grey = nss.luminance(image.crop((left, top, left + width, top + height)))
    coefficients, contrast = nss.mscn(grey)
    sharpness = nss.patches(contrast, SIDE).mean(axis=(1, 2))
    halved, _ = nss.mscn(nss.halved(grey))
    scales = (nss.patches(coefficients, SIDE), nss.patches(halved, SIDE // 2))
    features = np.concatenate([nss.niqe_features(scale) for scale in scales], axis=1)
    whole = np.isfinite(features).all(axis=1)
    if whole.sum() < 2:
        raise ImageError(path, "it is flat: there is no texture to judge")
    return features[whole], sharpness[whole]


@dataclass(frozen=True)
class Learned:
    """A pristine model, and what could not be used for it."""

    model: Pristine
    left_out: tuple[ImageError, ...]


def learn(
    paths: Sequence[Path],
    *,
    origin: str = "",
    threshold: float = SHARPNESS,
    workers: int = 0,
    on_image: OnImage | None = None,
) -> Learned:
    """Learn from good images. `on_image(done, total)` may raise to stop.

    Raises:
        UserError: the images hold fewer than `FEWEST_PATCHES` sharp patches.
    """
    parts: list[FloatArray] = []
    errors: list[ImageError] = []
    for done, found in enumerate(in_order(paths, lambda path: _sharp_patches(path, threshold), workers), start=1):
        if isinstance(found, ImageError):
            errors.append(found)
        else:
            parts.append(found)
        if on_image:
            on_image(done, len(paths))
    count = sum(map(len, parts))
    if count < FEWEST_PATCHES:
        raise UserError(
            f"{len(parts)} usable images hold {count} sharp patches of {SIDE} pixels; NIQE needs {FEWEST_PATCHES}.",
            f"Give more or larger good images ({FEW_IMAGES} or more are advised).",
        )
    features = np.concatenate(parts)
    model = Pristine(features.mean(axis=0), np.cov(features, rowvar=False), origin, len(parts), count)
    return Learned(model, tuple(errors))


def _sharp_patches(path: Path, threshold: float) -> FloatArray | ImageError:
    try:
        features, sharpness = patch_features(open_picture(path).image, path)
    except ImageError as error:
        return error
    return np.asarray(features[sharpness > threshold * sharpness.max()])
