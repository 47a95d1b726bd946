"""What a term asks of a value: an interval of numbers, a text, or whether there is one at all."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Interval:
    """`low <= value < high` with the ends as they are told; `outside` asks for the others that have a value."""

    low: float = -np.inf
    high: float = np.inf
    with_low: bool = True
    with_high: bool = True
    outside: bool = False

    def mask(self, values: Numbers) -> Mask:
        """Which values lie inside; NaN, no value, never does."""
        above = values >= self.low if self.with_low else values > self.low
        inside: Mask = above & (values <= self.high if self.with_high else values < self.high)
        return ~inside & ~np.isnan(values) if self.outside else inside


@dataclass(frozen=True)
class Words:
    """A text as it was asked for; `whole`: the value must be it, otherwise contain it. Case does not count."""

    text: str
    whole: bool = False
    literal: bool = False
    outside: bool = False

    def matcher(self) -> Callable[[str], bool]:
        """A function of one value in its casefolded form."""
        wanted = self.text.casefold()
        if "*" in wanted and not self.literal:
            pattern = re.compile(fnmatch.translate(wanted.replace("[", "[[]").replace("?", "[?]")))
            return lambda value: pattern.match(value) is not None
        if self.whole:
            return lambda value: value == wanted
        return lambda value: wanted in value


@dataclass(frozen=True)
class Presence:
    """`any` and `none`."""

    wanted: bool


@dataclass(frozen=True)
class State:
    """The word after `is:`."""

    name: str


Test = Interval | Words | Presence | State
Kind = Literal["number", "count", "size", "date", "text", "choice", "state"]
