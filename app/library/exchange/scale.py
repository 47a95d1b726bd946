"""The scale of a label file and its stated mapping to [0, 1]. Nothing is stretched to what the file happens to hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Literal

from app.library.errors import LibraryError

ScaleKind = Literal["linear", "JOD", "z-score"]
_NORMAL: Final = NormalDist()
_JOD: Final = _NORMAL.inv_cdf(0.75)
"""One just-objectionable difference: 75 % of people prefer the better image (Thurstone's case V)."""
_STEEPNESS: Final = {"JOD": _JOD, "z-score": 1.0}
_NOMINAL: Final = 3.0
_LEAST: Final = 1e-9
"""A MOS of exactly 0 or 1 has no finite JOD; it is written as the one this far from the end."""


@dataclass(frozen=True)
class Scale:
    """Worst value `low`, best value `high` (low > high inverts), and how a value in between becomes a MOS.

    Of JOD and z-scores, which have no ends, `low` and `high` are only what is usual.
    """

    low: float
    high: float
    kind: ScaleKind = "linear"

    def __post_init__(self) -> None:
        if self.low == self.high or not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise LibraryError("The scale is empty.", "Give its worst and its best value, such as 1:5.")

    @property
    def mapping(self) -> str:
        """The formula, for people; `centre` is the mean of the file's values of the same scene."""
        if self.kind == "JOD":
            return "share of people who prefer it to the middle of its scene: Phi(0.6745 (v - centre))"
        if self.kind == "z-score":
            return "Phi(v), the share of a normal distribution below v"
        return f"(v - {self.low:g}) / ({self.high:g} - {self.low:g})"

    @property
    def text(self) -> str:
        """As it is written at the command line."""
        return f"{self.low:g}:{self.high:g}" if self.kind == "linear" else self.kind

    def holds(self, value: float) -> bool:
        """Whether a value can be on this scale."""
        return self.kind != "linear" or min(self.low, self.high) <= value <= max(self.low, self.high)

    def mos(self, value: float, centre: float = 0.0) -> float:
        """A value of the file as MOS in [0, 1]."""
        if self.kind == "linear":
            return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return _NORMAL.cdf(_STEEPNESS[self.kind] * (value - centre))

    def raw(self, mos: float, centre: float = 0.0) -> float:
        """A MOS as value of the file."""
        if self.kind == "linear":
            return self.low + mos * (self.high - self.low)
        return centre + _NORMAL.inv_cdf(min(1 - _LEAST, max(_LEAST, mos))) / _STEEPNESS[self.kind]

    def spread(self, sd: float, value: float, centre: float = 0.0) -> float:
        """A standard deviation of the file on the MOS scale; of a curved mapping, by its slope at `value`."""
        return sd * self._slope(value, centre)

    def raw_spread(self, sd: float, mos: float, centre: float = 0.0) -> float:
        """A standard deviation of the MOS on the file's scale."""
        return sd / self._slope(self.raw(mos, centre), centre)

    def _slope(self, value: float, centre: float) -> float:
        if self.kind == "linear":
            return 1 / abs(self.high - self.low)
        steepness = _STEEPNESS[self.kind]
        return max(steepness * _NORMAL.pdf(steepness * (value - centre)), _LEAST)


UNIT: Final = Scale(0.0, 1.0)
FIVE: Final = Scale(1.0, 5.0)
HUNDRED: Final = Scale(0.0, 100.0)
JOD: Final = Scale(-_NOMINAL, _NOMINAL, "JOD")
Z_SCORE: Final = Scale(-_NOMINAL, _NOMINAL, "z-score")
_WORDS: Final = {"jod": JOD, "z": Z_SCORE, "z-score": Z_SCORE, "zscore": Z_SCORE}


def parse_scale(text: str) -> Scale:
    """The scale that somebody typed: `1:5`, `jod` or `z-score`.

    Raises:
        LibraryError: it is none of these.
    """
    if (word := text.strip().lower()) in _WORDS:
        return _WORDS[word]
    try:
        low, high = (float(part.replace(",", ".")) for part in text.split(":"))
    except ValueError:
        raise LibraryError(
            f"'{text}' is no scale.", "Give the worst and the best value, such as 1:5, or jod, or z-score."
        ) from None
    return Scale(low, high)
