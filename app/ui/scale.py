"""The scale in which a library shows its numbers. Inside, quality is always in [0, 1]; this is for the eye only."""

from __future__ import annotations

import math
from typing import Final

from app.library.display import Scale

CHOICES: Final = (Scale(0, 1), Scale(1, 5), Scale(0, 100))
_current = CHOICES[0]


def current() -> Scale:
    """The scale of the open library."""
    return _current


def use(low: float, high: float) -> Scale:
    """Show numbers on another scale from now on; widgets read `current()` at each paint.

    Raises:
        ValueError: the ends are no scale.
    """
    global _current
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"no scale: {low} to {high}")
    _current = Scale(low, high)
    return _current
