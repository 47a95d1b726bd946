"""What is made of one source: the clean crop, a ladder, singles, chains, and images for the pool without labels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.degrade import KINDS, SEVERITIES, Kind, Step

DRAWN: Final = "drawn"
"""In place of steps: a chain drawn from the generator."""
POOL: Final = "a"
_LADDERS: Final = {n: tuple(itertools.combinations(SEVERITIES, n)) for n in range(1, 6)}
_GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True)
class Item:
    """One image to make: `view` numbers the crop and the nuisances, which the rungs of a ladder share."""

    index: int
    view: int
    steps: str  # '' = clean, DRAWN = a chain drawn from the generator, else 'kind:severity'
    ladder: bool = False
    pool: str = ""
    """Not empty: it gets no label and waits in this pool for a teacher's."""


def plan(rank: int, per_image: int, kinds: Sequence[Kind] = KINDS, pooled: int = 0) -> tuple[Item, ...]:
    """What is made from the source whose turn is `rank`.

    The clean crop, a ladder of three on the same crop, then chains and singles in turn with crops of their own. Over
    `len(kinds)` sources every kind is a ladder once, and a single equally often; the severities of the ladders go
    round behind them, those of the singles fill the scale evenly (steps of the golden ratio).

    Args:
        pooled: further images without labels: the first as it is, two through chains, then singles and chains in turn.
    """
    items = [Item(0, 0, "")]
    kind, turn = kinds[rank % len(kinds)], rank // len(kinds)
    rungs = min(3, per_image - 1)
    if rungs > 0:
        severities = _LADDERS[rungs][turn % len(_LADDERS[rungs])]
        items += [Item(i, 0, str(Step(kind, s)), ladder=True) for i, s in enumerate(severities, start=1)]
    for index in range(len(items), per_image):
        nth = index - 4
        if nth % 2 == 0:
            items.append(Item(index, index, DRAWN))
        else:
            items.append(Item(index, index, _single(rank, nth, kinds)))
    for nth in range(pooled):
        index = per_image + nth
        steps = "" if nth == 0 else _single(rank, nth, kinds) if nth >= 3 and nth % 2 else DRAWN
        items.append(Item(index, index, steps, pool=POOL))
    return tuple(items)


def _single(rank: int, nth: int, kinds: Sequence[Kind]) -> str:
    """Over the sources and their turns, all kinds and all severities alike."""
    severity = round(1 + 4 * ((rank + nth) * _GOLDEN % 1), 1)
    return str(Step(kinds[(rank + 7 * (nth + 1) // 2) % len(kinds)], severity))
