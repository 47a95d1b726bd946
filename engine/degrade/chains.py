"""One kind, or several one after the other as an image meets them on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.degrade import files, optics, pattern, processing, recapture, resolution, sensor, tone
from engine.degrade.pixels import Degradation, Pixels
from engine.degrade.steps import KINDS, Kind, Step

_FUNCTIONS: Final[Mapping[Kind, Degradation]] = {
    **optics.FUNCTIONS,
    **tone.FUNCTIONS,
    **sensor.FUNCTIONS,
    **resolution.FUNCTIONS,
    **files.FUNCTIONS,
    **processing.FUNCTIONS,
    **recapture.FUNCTIONS,
    **pattern.FUNCTIONS,
}

STAGES: Final[tuple[tuple[Kind, ...], ...]] = (
    ("under_exposure", "over_exposure", "haze", "glare", "colour_cast"),
    ("blur", "oriented_blur", "defocus", "motion_blur", "ghosting"),
    ("low_resolution", "mosaic"),
    ("noise", "iso_noise", "low_light", "stripes"),
    (
        *("low_contrast", "high_contrast", "faded_colour", "strong_colour"),
        *("oversharpened", "smoothed", "restored", "ringing"),
    ),
    ("jpeg", "webp", "resaved", "tape", "lost_blocks"),
    ("screen", "print", "old_photo"),
)
"""A chain goes the way light goes: light, lens, sensor size, noise, processing, file, recapture; then once more as far
as a copy can (the second order of blind face restoration: lens to file)."""
_WEIGHTS: Final = (0.10, 0.22, 0.21, 0.19, 0.09, 0.15, 0.04)
_AGAIN: Final = (1, 2, 3, 5)
_AGAIN_WEIGHTS: Final = (0.2, 0.3, 0.2, 0.3)
_SECOND_ORDER: Final = 0.4
"""Share of the chains that go through lens, size, noise and file twice."""
_SEVERITIES: Final = ((1.0, 2.0, 0.40), (2.0, 3.0, 0.32), (3.0, 4.0, 0.18), (4.0, 5.0, 0.10))
"""From, to, chance: several mild faults, rarely several extreme ones."""


def degrade(pixels: Pixels, kind: Kind, severity: float, rng: np.random.Generator) -> Pixels:
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
    if not 1 <= severity <= 5:
        raise ValueError(f"severity must be 1..5, got {severity}")
    return _FUNCTIONS[kind](pixels, float(severity), rng)


def degrade_chain(pixels: Pixels, steps: Sequence[Step], rng: np.random.Generator) -> Pixels:
    """The steps one after the other; see `degrade`."""
    for step in steps:
        pixels = degrade(pixels, step.kind, step.severity, rng)
    return pixels


def draw_chain(rng: np.random.Generator, without: Sequence[Kind] = ()) -> tuple[Step, ...]:
    """Two or three steps from different stages, in their order; often one or two more of a second pass.

    Args:
        without: kinds that are held out.
    """
    steps = _draw(rng, range(len(STAGES)), _WEIGHTS, int(rng.integers(2, 4)), without)
    if rng.random() < _SECOND_ORDER:
        steps += _draw(rng, _AGAIN, _AGAIN_WEIGHTS, int(rng.integers(1, 3)), without)
    return tuple(steps)


def _draw(
    rng: np.random.Generator, stages: Sequence[int], weights: Sequence[float], count: int, without: Sequence[Kind]
) -> list[Step]:
    picked = sorted(rng.choice(np.array(stages), size=count, replace=False, p=weights).tolist())
    kinds = [[kind for kind in STAGES[stage] if kind not in without] for stage in picked]
    return [Step(choice[int(rng.integers(len(choice)))], _severity(rng)) for choice in kinds if choice]


def _severity(rng: np.random.Generator) -> float:
    low, high, _ = _SEVERITIES[int(rng.choice(len(_SEVERITIES), p=[chance for *_, chance in _SEVERITIES]))]
    return round(float(rng.uniform(low, high)), 1)
