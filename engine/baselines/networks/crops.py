"""Square crops of decoded pictures, for the systems whose network sees one size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL.Image import Image
from torch import nn

from engine.baselines.networks.fitting import Inputs
from engine.baselines.networks.pictures import Pictures, Place
from engine.image import preprocess
from engine.manifest import Row
from engine.train.complexity import count
from engine.train.data import PixelCache, Pixels, RowNumbers


def centre(image: Image, size: int) -> Inputs:
    """uint8 [1, size, size, 3]: what every scorer of this program sees."""
    return (torch.from_numpy(preprocess(image, size).copy())[None],)


def gmacs(model: nn.Module, size: int) -> float:
    """Cost of one picture of size x size."""
    return sum(count(model, torch.zeros(1, size, size, 3, dtype=torch.uint8))) / 1e9


def random(
    rows: Sequence[Row],
    wanted: RowNumbers,
    *,
    size: int,
    flip: bool,
    folder: Path,
    place: Place,
    cut: Callable[[Pixels, np.random.Generator], Pixels] | None = None,
) -> Pictures:
    """Short side to `size`, a random window of size x size, and from it what `cut` makes of a batch of them."""
    cache = PixelCache(folder / "cache", rows, size, workers=place.workers)
    cache.ensure(wanted.tolist(), on_progress=place.decoded)

    def draw(numbers: RowNumbers, rng: np.random.Generator) -> Inputs:
        pixels = cache.random_crops(numbers, rng, flip=flip)
        return (torch.from_numpy(cut(pixels, rng) if cut else pixels),)

    unreadable = tuple(cache.unreadable[k] for k in wanted.tolist() if k in cache.unreadable)
    return Pictures(cache.readable(wanted), unreadable, draw)
