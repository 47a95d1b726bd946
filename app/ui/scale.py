"""The scale in which a library shows its numbers. Inside, quality is always in [0, 1]; this is for the eye only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Scale:
    """Worst and best value as they are shown."""

    low: float = 0.0
    high: float = 1.0

    @property
    def decimals(self) -> int:
        """Enough to tell hundredths of the range apart."""
        return 0 if self.high - self.low >= 50 else 2

    @property
    def name(self) -> str:
        """'0 - 1', '1 - 5', '0 - 100'."""
        return f"{self.low:g}–{self.high:g}"

    def shown(self, value: float) -> float:
        """A quality in [0, 1] as this scale shows it; values beyond the ends stay beyond them."""
        return self.low + value * (self.high - self.low)

    def inside(self, shown: float) -> float:
        """The way back."""
        return (shown - self.low) / (self.high - self.low)

    def number(self, value: float) -> str:
        """A quality in words of this scale; a dash where there is none."""
        return "–" if math.isnan(value) else f"{self.shown(value):.{self.decimals}f}"

    def width(self, value: float) -> str:
        """A difference of two qualities: the range counts, not where it begins."""
        return "–" if math.isnan(value) else f"{value * (self.high - self.low):.{max(1, self.decimals)}f}"


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
