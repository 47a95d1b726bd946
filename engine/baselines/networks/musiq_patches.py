"""A picture of any shape as MUSIQ sees it: patches of three scales, each with its place on a coarse grid.

Scales are resized as the published network's input was (a Gaussian kernel of fixed width, not widened when shrinking),
so that its weights see what they learned from. Pixels are in [-1, 1]; what a patch lacks at the border is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.image import Pixels

PATCH: Final = 32
GRID: Final = 10
LONG_SIDES: Final = (224, 384)
"""The small scales; after them comes the picture at its own size."""
SCALES: Final = len(LONG_SIDES) + 1
_SIGMA, _RADIUS = 0.5, 1.5
Floats = npt.NDArray[np.float32]


class Patches(NamedTuple):
    """The patches of some pictures, one picture after the other."""

    pixels: Tensor
    """float32 [T, 32, 32, 3] in [-1, 1]"""
    places: Tensor
    """int64 [T]: cell of the 10 x 10 grid, row after row"""
    scales: Tensor
    """int64 [T]: 0 = long side 224, 1 = 384, 2 = own size"""
    lengths: Tensor
    """int64 [N]: patches of each picture; they sum to T"""


def patches_of(picture: Pixels, cap: int) -> Patches:
    """The patches of one picture uint8 [h, w, 3]; a long side above `cap` is brought down to it."""
    whole = picture.astype(np.float32) / 127.5 - 1
    native = whole if max(whole.shape[:2]) <= cap else resized(whole, cap)
    views = [*(resized(whole, side) for side in LONG_SIDES), native]
    cut = [_cut(view) for view in views]
    return Patches(
        torch.from_numpy(np.concatenate([pixels for pixels, _ in cut])),
        torch.from_numpy(np.concatenate([places for _, places in cut])),
        torch.from_numpy(np.repeat(np.arange(len(cut)), [len(places) for _, places in cut])),
        torch.tensor([sum(len(places) for _, places in cut)]),
    )


def joined(parts: Sequence[Patches]) -> Patches:
    """Several pictures as one batch."""
    return Patches(*(torch.cat(column) for column in zip(*parts, strict=True)))


def resized(picture: Floats, long_side: int) -> Floats:
    """[h, w, 3] with its long side at `long_side`, the other rounded; at least one pixel."""
    height, width = picture.shape[:2]
    factor = long_side / max(height, width)
    rows = _resampled(picture, max(1, round(height * factor)))
    return _resampled(rows.swapaxes(0, 1), max(1, round(width * factor))).swapaxes(0, 1)


def _resampled(picture: Floats, out: int) -> Floats:
    """The first axis at `out` pixels: each the weighted mean of the three nearest, those beyond the border left out."""
    length = len(picture)
    centres = (np.arange(out) + 0.5) * (length / out)
    near = np.floor(centres).astype(np.intp)[:, None] + np.arange(-1, 2)
    distance = near + 0.5 - centres[:, None]
    weights = np.exp(-(distance**2) / (2 * _SIGMA**2))
    weights[(near < 0) | (near >= length) | (distance >= _RADIUS)] = 0
    weights = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    near = near.clip(0, length - 1)
    parts = [weights[:, k, None, None] * picture[near[:, k]] for k in range(near.shape[1])]
    found: Floats = parts[0] + parts[1] + parts[2]
    return found


def _cut(view: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Patches [n, 32, 32, 3] row after row, the picture in the middle of its padding, and their cells."""
    down, across = (-(-side // PATCH) for side in view.shape[:2])
    spare = [count * PATCH - side for count, side in zip((down, across), view.shape[:2], strict=True)]
    padded = np.pad(view, [*((s // 2, s - s // 2) for s in spare), (0, 0)])
    tiles = padded.reshape(down, PATCH, across, PATCH, 3).swapaxes(1, 2).reshape(-1, PATCH, PATCH, 3)
    cells = np.add.outer(np.arange(down) * GRID // down * GRID, np.arange(across) * GRID // across)
    return np.ascontiguousarray(tiles), cells.reshape(-1)
