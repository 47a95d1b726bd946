"""Which images to label next: where two models disagree, spread over all kinds of faces, with a share drawn at random.

A pick is the image with the largest (gap between the models) x (distance to what is labelled or picked already), the
greedy k-centre of Sener & Savarese (2018) weighted by disagreement. The random share keeps the labelled set honest: it
is the only part from which the error on all images may be estimated without bias.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Why = Literal["gap", "random"]
RANDOM_SHARE: Final = 0.2
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Pick:
    """One image of the queue: its row, and what put it there."""

    row: int
    why: Why


def choose(
    features: npt.ArrayLike,
    gap: npt.ArrayLike,
    labelled: npt.ArrayLike,
    *,
    count: int,
    random_share: float = RANDOM_SHARE,
    by_chance_only: npt.ArrayLike | None = None,
    seed: int = 0,
) -> list[Pick]:
    """The next `count` images to label, in order.

    Args:
        features: [N, F] of the unlabelled images.
        gap: [N], how far two models are apart there; all equal (or all zero) leaves the choice to diversity.
        labelled: [M, F] of the labelled images; M may be 0.
        random_share: evenly spread through the queue, every 1 / share-th pick.
        by_chance_only: bool [N], images (of a test split) that no disagreement may choose.
    """
    x, base = _standardised(np.asarray(features, dtype=np.float64), np.asarray(labelled, dtype=np.float64))
    wish = np.asarray(gap, dtype=np.float64)
    wish = wish / max(float(wish.max(initial=0.0)), _TINY) if np.any(wish > 0) else np.ones(len(x))
    near = _nearest(x, base)
    open_ = np.ones(len(x), dtype=bool) if by_chance_only is None else ~np.asarray(by_chance_only, dtype=bool)
    free = np.ones(len(x), dtype=bool)
    rng = np.random.default_rng(seed)
    picks: list[Pick] = []
    for number in range(min(count, len(x))):
        random = int((number + 1) * random_share) > int(number * random_share) or not (free & open_).any()
        drawn = rng.choice(np.flatnonzero(free)) if random else np.argmax(np.where(free & open_, wish * near, -1.0))
        row = int(drawn)
        picks.append(Pick(row, "random" if random else "gap"))
        free[row] = False
        near = np.minimum(near, np.linalg.norm(x - x[row], axis=1))
    return picks


def _standardised(x: Floats, base: Floats) -> tuple[Floats, Floats]:
    both = np.concatenate([x, base]) if base.size else x
    scale = np.where(both.std(0) > _TINY, both.std(0), np.inf)
    return (x - both.mean(0)) / scale, (base - both.mean(0)) / scale if base.size else base


def _nearest(x: Floats, base: Floats) -> Floats:
    """Distance of each row to the nearest labelled one; to the centre of all where nothing is labelled."""
    if not base.size:
        away: Floats = np.linalg.norm(x - x.mean(0), axis=1) + _TINY
        return away
    square = (x**2).sum(1)[:, None]
    parts = [square - 2 * x @ part.T + (part**2).sum(1) for part in np.array_split(base, -(-len(base) // 256))]
    nearest: Floats = np.sqrt(np.maximum(np.min([p.min(1) for p in parts], axis=0), 0.0))
    return nearest
