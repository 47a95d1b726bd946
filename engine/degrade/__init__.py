"""Synthetic degradations of a face image: single kinds in severities from 1 to 5, and chains of several.

Pixels only: NumPy, Pillow and SciPy, no torch and no labels (`engine.train.weak_labels` gives those). A file for each
family: `optics`, `tone`, `sensor`, `resolution`, `files`, `processing`, `recapture`, `pattern`; `chains` joins them.

All severities are defined as seen when the short side is `VIEW` pixels, the paper's input size, and scale with the
image, so that a severity looks the same on a small image and on a large one. They may be fractions: values between
two of the five named ones are interpolated.

Randomness comes in as a NumPy generator and decides nuisances only (the angle of a motion, the grain of a noise). The
same generator state with another severity gives another rung of the same ladder.
"""

from engine.degrade.chains import degrade, degrade_chain, draw_chain
from engine.degrade.pixels import VIEW, Pixels
from engine.degrade.steps import FAMILIES, KINDS, SEVERITIES, Family, Kind, Step, parse_steps, rng_for

__all__ = [
    "FAMILIES",
    "KINDS",
    "SEVERITIES",
    "VIEW",
    "Family",
    "Kind",
    "Pixels",
    "Step",
    "degrade",
    "degrade_chain",
    "draw_chain",
    "parse_steps",
    "rng_for",
]
