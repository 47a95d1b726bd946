"""Several models that look at the same pictures: each picture is made and decoded once, and scored once by each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine import image
from engine.baselines.files import in_order
from engine.image import preprocess
from engine.metrics import FloatArray
from engine.scoring import Scorer

Make = Callable[[], Sequence[Image.Image]]
"""Gives the pictures of one unit (a file, a ladder); it runs in a worker's thread."""


@dataclass(frozen=True)
class Panel:
    """Models by the names that the report gives them, the judged one first."""

    scorers: Mapping[str, Scorer]
    threads: int

    @staticmethod
    def of(models: Mapping[str, Path], threads: int) -> Panel:
        """Raises BundleError where a file is no usable bundle."""
        return Panel({name: Scorer(path, workers=threads, provider="CPU") for name, path in models.items()}, threads)

    def judge(self, units: Iterable[Make]) -> dict[str, list[FloatArray]]:
        """Per model the scores of each unit, in order."""
        found: dict[str, list[FloatArray]] = {name: [] for name in self.scorers}
        for scores in in_order(units, self._unit, self.threads):
            for name, values in scores.items():
                found[name].append(values)
        return found

    def _unit(self, make: Make) -> dict[str, FloatArray]:
        seen = make()
        sizes = {scorer.bundle.input_size for scorer in self.scorers.values()}
        at = {size: np.stack([preprocess(picture, size) for picture in seen]) for size in sizes}
        return {
            name: scorer.score_pixels(at[scorer.bundle.input_size]).astype(np.float64)
            for name, scorer in self.scorers.items()
        }


def open_picture(path: Path) -> Image.Image:
    """A decoded file, as scoring sees it."""
    return image.decode(image.read_file(path).data, path=path)


def flat(found: Mapping[str, list[FloatArray]]) -> dict[str, FloatArray]:
    """Per model all scores in one array."""
    return {name: np.concatenate(parts) for name, parts in found.items()}
