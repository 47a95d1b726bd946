"""Synthetic degradations of a face image: single kinds in five severities, and chains of two or three.

Pixels only: NumPy, Pillow and SciPy, no torch and no labels (`engine.train.weak_labels` gives those).
All severities are defined as seen when the short side is `VIEW` pixels, the paper's input size, and scale
with the image, so that a severity looks the same on a small image and on a large one.

Randomness comes in as a NumPy generator and decides nuisances only (the angle of a motion, the grain of a
noise). The same generator state with another severity gives the next rung of the same ladder.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Kind = Literal["blur", "defocus", "motion_blur", "noise", "jpeg", "low_resolution", "under_exposure", "over_exposure"]
Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SEVERITIES: Final = (1, 2, 3, 4, 5)
VIEW: Final = 352

# One value for each severity, at a short side of VIEW pixels; spread so that the weak label falls evenly.
BLUR_SIGMA: Final = (0.8, 1.3, 2.0, 3.4, 6.5)  # px
DEFOCUS_RADIUS: Final = (1.4, 2.2, 3.4, 5.5, 10.0)  # px
MOTION_LENGTH: Final = (3.5, 6.0, 9.5, 16.0, 34.0)  # px
NOISE_SIGMA: Final = (3.2, 6.5, 11.0, 20.0, 45.0)  # grey levels at mid-grey
JPEG_QUALITY: Final = (40, 18, 11, 7, 4)
LOW_RESOLUTION: Final = (160, 110, 74, 46, 24)  # px on the short side, before scaling up again
UNDER_EV: Final = (0.5, 1.0, 1.6, 2.4, 3.8)  # stops
OVER_EV: Final = (0.3, 0.65, 1.1, 1.8, 3.0)  # stops

# A chain goes the way light goes: lens, sensor size, sensor noise, file (the order of blind face restoration).
_CHAIN_STAGES: Final[tuple[tuple[Kind, ...], ...]] = (
    ("under_exposure", "over_exposure"),
    ("blur", "defocus", "motion_blur"),
    ("low_resolution",),
    ("noise",),
    ("jpeg",),
)
_CHAIN_STAGE_WEIGHTS: Final = (0.12, 0.24, 0.22, 0.21, 0.21)
_CHAIN_SEVERITY_WEIGHTS: Final = (0.36, 0.30, 0.18, 0.10, 0.06)  # several mild faults, rarely several extreme ones


@dataclass(frozen=True)
class Step:
    """One degradation of a chain."""

    kind: Kind
    severity: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.severity}"


def rng_for(seed: int, source: str, index: int) -> np.random.Generator:
    """The generator of one image, from the seed, its source (sha256 or path) and its index, and nothing else.

    So a result depends neither on the order of the work nor on the number of processes.
    """
    digest = hashlib.sha256(f"{seed}\0{source}\0{index}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def degrade(pixels: Pixels, kind: Kind, severity: int, rng: np.random.Generator) -> Pixels:
    """One kind of degradation.

    Args:
        pixels: RGB, uint8 [H, W, 3]; never changed.
        severity: 1 (just visible) to 5 (hardly usable).

    Returns:
        RGB, uint8 [H, W, 3], a new array.

    Raises:
        ValueError: wrong shape or type, unknown kind, or severity outside 1..5.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"expected uint8 [H, W, 3], got {pixels.dtype} {pixels.shape}")
    if kind not in _FUNCTIONS:
        raise ValueError(f"unknown kind '{kind}', expected one of {', '.join(KINDS)}")
    if severity not in SEVERITIES:
        raise ValueError(f"severity must be 1..5, got {severity}")
    return _FUNCTIONS[kind](pixels, severity - 1, rng)


def draw_chain(rng: np.random.Generator) -> tuple[Step, ...]:
    """Two or three steps from different stages, in the order of the stages."""
    count = int(rng.integers(2, 4))
    stages = rng.choice(len(_CHAIN_STAGES), size=count, replace=False, p=_CHAIN_STAGE_WEIGHTS)
    steps = []
    for stage in sorted(stages):
        kind = _CHAIN_STAGES[stage][int(rng.integers(len(_CHAIN_STAGES[stage])))]
        steps.append(Step(kind, int(rng.choice(SEVERITIES, p=_CHAIN_SEVERITY_WEIGHTS))))
    return tuple(steps)


def degrade_chain(pixels: Pixels, steps: Sequence[Step], rng: np.random.Generator) -> Pixels:
    """The steps one after the other; see `degrade`."""
    for step in steps:
        pixels = degrade(pixels, step.kind, step.severity, rng)
    return pixels


def parse_steps(text: str) -> tuple[Step, ...]:
    """The inverse of joining steps with '+': 'blur:2+jpeg:1'.

    Raises:
        ValueError: an unknown kind or a severity that is no number of 1..5.
    """
    steps = []
    for part in filter(None, text.split("+")):
        kind, _, severity = part.partition(":")
        if kind not in KINDS or severity not in {"1", "2", "3", "4", "5"}:
            raise ValueError(f"'{part}' is not KIND:SEVERITY")
        steps.append(Step(kind, int(severity)))
    return tuple(steps)


def _scale(pixels: Pixels) -> float:
    return float(min(pixels.shape[:2])) / VIEW


def _to_bytes(values: npt.NDArray[np.floating]) -> Pixels:
    return cast(Pixels, np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _linear(pixels: Pixels) -> Floats:
    """sRGB code values to linear light in [0, 1] (IEC 61966-2-1)."""
    codes = np.arange(256, dtype=np.float32) / 255
    table = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return table[pixels]


def _encoded(light: Floats) -> Floats:
    """Linear light to sRGB code values 0..255, not yet rounded."""
    light = np.clip(light, 0, 1)
    return cast(Floats, 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def _convolve(pixels: Pixels, kernel: Floats) -> Pixels:
    """Every channel with one kernel (sum 1), edges mirrored; by FFT, so the cost does not grow with the kernel."""
    pad = kernel.shape[0] // 2
    framed = np.pad(pixels.astype(np.float32), ((pad, pad), (pad, pad), (0, 0)), mode="symmetric")
    shape = [int(n) for n in framed.shape[:2]]
    spectrum = np.fft.rfft2(framed, axes=(0, 1)) * np.fft.rfft2(kernel, s=shape)[..., None]
    # Circular convolution: what wraps around lands in the first 2 * pad rows and columns, which are cut off.
    out = np.fft.irfft2(spectrum, s=shape, axes=(0, 1))[2 * pad :, 2 * pad :]
    return _to_bytes(out)


def _blur(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    sigma = BLUR_SIGMA[level] * _scale(pixels)
    return _to_bytes(ndimage.gaussian_filter(pixels.astype(np.float32), (sigma, sigma, 0), mode="mirror"))


def _disc(radius: float) -> Floats:
    half = int(np.ceil(radius))
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)  # the edge pixels count by how much is covered
    return cast(Floats, (kernel / kernel.sum()).astype(np.float32))


def _defocus(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    return _convolve(pixels, _disc(DEFOCUS_RADIUS[level] * _scale(pixels)))


def _line(length: float, angle: float) -> Floats:
    half = int(np.ceil(length / 2))
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    along = np.abs(x * np.cos(angle) + y * np.sin(angle))
    across = np.abs(y * np.cos(angle) - x * np.sin(angle))
    kernel = np.clip(length / 2 + 0.5 - along, 0, 1) * np.clip(1 - across, 0, 1)
    return cast(Floats, (kernel / kernel.sum()).astype(np.float32))


def _motion_blur(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    angle = rng.uniform(0, np.pi)
    return _convolve(pixels, _line(MOTION_LENGTH[level] * _scale(pixels), angle))


def _noise(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    """Sensor noise: variance = read noise + photon noise (grows with the signal), partly grey, partly coloured.

    The grain is drawn sharp or, as after demosaicking, a little soft; its size follows the image, and its
    strength makes up for the averaging when the image is seen at VIEW pixels.
    """
    height, width, _ = pixels.shape
    photon, colour, softness = rng.uniform(0.2, 0.8), rng.uniform(0.3, 0.9), rng.choice([0.0, 0.0, 0.45, 0.7])
    grey = rng.standard_normal((height, width, 1), dtype=np.float32)
    grain = (1 - colour) ** 0.5 * grey + colour**0.5 * rng.standard_normal((height, width, 3), dtype=np.float32)
    if softness:
        grain = ndimage.gaussian_filter(grain, (softness, softness, 0), mode="mirror")
    grain /= grain.std()
    strength = NOISE_SIGMA[level] * max(_scale(pixels), 1.0)
    signal = pixels.astype(np.float32)
    return _to_bytes(signal + grain * strength * np.sqrt((1 - photon) + photon * (signal + 1) / 128))


def _jpeg(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    """Saved as JPEG with 4:2:0 colour. The blocks are 8 pixels at any size; the weak label measures what that does."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=JPEG_QUALITY[level], subsampling=2)
    return np.asarray(Image.open(buffer))


def _low_resolution(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    image, factor = Image.fromarray(pixels), LOW_RESOLUTION[level] / VIEW
    down = rng.choice([Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC])
    up = rng.choice([Image.Resampling.BILINEAR, Image.Resampling.BICUBIC])
    small = image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))), down)
    return np.asarray(small.resize(image.size, up))


def _under_exposure(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    return _to_bytes(_encoded(_linear(pixels) * np.float32(2.0 ** -UNDER_EV[level])))


def _over_exposure(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    return _to_bytes(_encoded(_linear(pixels) * np.float32(2.0 ** OVER_EV[level])))


_FUNCTIONS: Final = {
    "blur": _blur,
    "defocus": _defocus,
    "motion_blur": _motion_blur,
    "noise": _noise,
    "jpeg": _jpeg,
    "low_resolution": _low_resolution,
    "under_exposure": _under_exposure,
    "over_exposure": _over_exposure,
}
