"""What can be done to an image, by name: kinds, their families, steps and their text; and the generator of an image."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

# A later kind is added at the end: the seeded quotas of `engine.train.degrade_plan` go by this order.
Kind = Literal[
    "blur",
    "defocus",
    "motion_blur",
    "noise",
    "jpeg",
    "low_resolution",
    "under_exposure",
    "over_exposure",
    "oriented_blur",
    "iso_noise",
    "low_light",
    "impulse_noise",
    "webp",
    "resaved",
    "pixelated",
    "low_contrast",
    "high_contrast",
    "faded_colour",
    "strong_colour",
    "colour_cast",
    "banding",
    "haze",
    "glare",
    "oversharpened",
    "smoothed",
    "restored",
    "screen",
    "print",
    "old_photo",
    "stripes",
    "tape",
    "ghosting",
    "ringing",
    "mosaic",
    "lost_blocks",
]
Family = Literal["blur", "noise", "compression", "resolution", "tone", "processing", "recapture", "pattern"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SEVERITIES: Final = (1, 2, 3, 4, 5)
FAMILIES: Final[Mapping[Family, tuple[Kind, ...]]] = {
    "blur": ("blur", "oriented_blur", "defocus", "motion_blur"),
    "noise": ("noise", "iso_noise", "low_light", "impulse_noise"),
    "compression": ("jpeg", "webp", "resaved"),
    "resolution": ("low_resolution", "pixelated"),
    "tone": (
        *("under_exposure", "over_exposure", "low_contrast", "high_contrast", "faded_colour", "strong_colour"),
        *("colour_cast", "banding", "haze", "glare"),
    ),
    "processing": ("oversharpened", "smoothed", "restored"),
    "recapture": ("screen", "print", "old_photo"),
    "pattern": ("stripes", "tape", "ghosting", "ringing", "mosaic", "lost_blocks"),
}


@dataclass(frozen=True)
class Step:
    """One degradation of a chain."""

    kind: Kind
    severity: float
    """1 (just visible) to 5 (hardly usable)."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.severity:g}"


def parse_steps(text: str) -> tuple[Step, ...]:
    """The inverse of joining steps with '+': 'blur:2+jpeg:1.5'.

    Raises:
        ValueError: an unknown kind or a severity that is no number from 1 to 5.
    """
    steps = []
    for part in filter(None, text.split("+")):
        kind, _, severity = part.partition(":")
        try:
            value = float(severity)
        except ValueError:
            value = 0.0
        if kind not in KINDS or not 1 <= value <= 5:
            raise ValueError(f"'{part}' is not KIND:SEVERITY")
        steps.append(Step(kind, value))
    return tuple(steps)


def rng_for(seed: int, source: str, index: int) -> np.random.Generator:
    """The generator of one image, from the seed, its source (sha256 or path) and its index, and nothing else.

    So a result depends neither on the order of the work nor on the number of processes.
    """
    digest = hashlib.sha256(f"{seed}\0{source}\0{index}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))
