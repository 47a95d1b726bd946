"""The scale in which a library shows its numbers: a line of `library.toml`, for the eye only.

Inside, quality is always in [0, 1].
"""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import dataclass

import tomli_w

from app.library import settings_file
from app.library.errors import LabelValueError, LibraryError
from app.library.library import Library
from engine.atomic import replacing


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


def scale_of(library: Library) -> Scale:
    """The scale on which a library tells its numbers."""
    return Scale(*library.display_scale)


def set_display_scale(library: Library, low: float, high: float) -> None:
    """Show MOS 0 as `low` and MOS 1 as `high` from now on; other windows follow when they open the library again.

    Raises:
        LabelValueError: the two are no scale.
        LibraryError: the library's folder cannot be written; the scale stays.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise LabelValueError(f"{low:g} to {high:g} is no scale.", "The worst value must be below the best one.")
    toml = library.directory / settings_file.NAME
    try:
        settings = tomllib.loads(toml.read_text(encoding="utf-8")) | {"display_scale": [float(low), float(high)]}
        with replacing(toml) as partial, partial.open("x", encoding="utf-8") as stream:
            stream.write(tomli_w.dumps(settings))
            stream.flush()
            os.fsync(stream.fileno())
    except (OSError, ValueError) as error:
        raise LibraryError(f"The scale cannot be stored in {toml}: {error}.", "Check the drive.") from error
    library.display_scale = (float(low), float(high))
