"""Which images stand in which batch: quotas of sources, epochs, rare scores more often."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from engine.train.data import RowNumbers
from engine.train.losses import FEWEST_FOR_PLCC

Floats = npt.NDArray[np.float64]
_BINS = 10


def steps_per_epoch(images: int, batch: int) -> int:
    """Whole batches in one pass; a set smaller than a batch is one batch."""
    return max(1, images // batch)


def quotas(weights: Sequence[float], batch: int) -> list[int]:
    """How many images of a batch each source has: by weight, each at least what a correlation needs if there is room.

    The loss weighs each source's mean anyway; the quotas only spend the images where they count.
    """
    if not sum(weights) > 0:
        weights = [1.0] * len(weights)
    floor = min(FEWEST_FOR_PLCC, batch // len(weights))
    free = batch - floor * len(weights)
    exact = [free * w / sum(weights) for w in weights]
    found = [floor + int(x) for x in exact]
    by_rest = sorted(range(len(weights)), key=lambda k: (int(exact[k]) - exact[k], k))
    for k in by_rest[: batch - sum(found)]:
        found[k] += 1
    return found


def rarity(scores: Floats) -> Floats:
    """How often to draw each of [N] scores in [0, 1], with mean 1: a tenth of the scale counts by the root of its size.

    Between drawing all images alike and all tenths alike, so that rare scores are seen without being learned by heart.
    """
    bins = np.clip((scores * _BINS).astype(int), 0, _BINS - 1)
    weight = 1.0 / np.sqrt(np.bincount(bins, minlength=_BINS)[bins])
    return np.asarray(weight * len(weight) / weight.sum())


def _endless(rows: RowNumbers, rng: np.random.Generator, chances: Floats | None) -> Iterator[int]:
    while True:
        yield from _one_pass(rows, rng, chances).tolist()


def _one_pass(rows: RowNumbers, rng: np.random.Generator, chances: Floats | None) -> RowNumbers:
    """All rows in a random order; with `chances` as many rows drawn by them, each as often as its chance says.

    Systematic sampling: an image of chance 2.3 comes twice or three times, never nine times.
    """
    if chances is None:
        return rng.permutation(rows)
    order = rng.permutation(len(rows))
    edges = np.cumsum(chances[order]) / chances.sum() * len(rows)
    picked = np.searchsorted(edges, np.arange(len(rows)) + rng.random(), side="right").clip(max=len(rows) - 1)
    return rng.permutation(rows[order][picked])


def epoch_batches(
    sources: Sequence[RowNumbers],
    batch: int,
    rng: np.random.Generator,
    *,
    weights: Sequence[float] | None = None,
    chances: Sequence[Floats] | None = None,
) -> Iterator[tuple[RowNumbers, tuple[int, ...]]]:
    """The batches of one epoch: row numbers, source after source, and how many of each.

    One source: every image once, in an order drawn from `rng`, the incomplete batch at the end left out. Several: each
    batch holds a fixed quota of every source, small sources come round again.

    Args:
        weights: of the sources (default: alike, as Eq. 3 and 4 weigh them); see `quotas`.
        chances: how often each image is to come, with mean 1 (`rarity`); default: once a pass.

    Raises:
        ValueError: a source is empty.
    """
    if not all(map(len, sources)):
        raise ValueError("a source holds no images")
    often: Sequence[Floats | None] = chances if chances is not None else [None] * len(sources)
    steps = steps_per_epoch(sum(map(len, sources)), batch)
    if len(sources) == 1:
        order = _one_pass(sources[0], rng, often[0])
        for k in range(steps):
            rows = order[k * batch : (k + 1) * batch]
            yield rows, (len(rows),)
        return
    counts = quotas(weights or [1.0] * len(sources), batch)
    streams = [_endless(s, rng, c) for s, c in zip(sources, often, strict=True)]
    for _ in range(steps):
        mixed = [row for s, n in zip(streams, counts, strict=True) for row in itertools.islice(s, n)]
        yield np.array(mixed, dtype=np.intp), tuple(counts)
