"""How the extra score on show is written: on tiles, in tips, in the panel at the right."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.ui import scale, words


@dataclass(frozen=True)
class ShownExtra:
    """The extra score that stands beside the score of the model in use.

    `as_mos`: its numbers are shown on the library's scale; others are shown as they are. `reason(image_id)` says why
    an image has none.
    """

    name: str
    as_mos: bool
    reason: Callable[[int], str]

    def short(self, value: float) -> str:
        """'NIQE -4.31', for a tile."""
        return f"{self.name} {scale.current().number(value) if self.as_mos else words.number(value)}"

    def long(self, image_id: int, value: float) -> str:
        """With the reason where there is no number."""
        if not math.isnan(value):
            return self.short(value)
        return f"{self.short(value)}: {self.reason(image_id) or words.tr('not computed yet')}"
