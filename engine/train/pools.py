"""Which rows of a manifest may be pseudo-labelled: unlabelled ones of nobody who is held out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.manifest import Row
from engine.train.data import RowNumbers

HELD_OUT: Final = ("val", "cal", "test")


def held_groups(rows: Sequence[Row]) -> frozenset[str]:
    """The groups that have a row in a held-out split; an image without a group is its own."""
    return frozenset(r.cluster for r in rows if r.split in HELD_OUT)


def is_unlabelled(row: Row) -> bool:
    """Without a label, and in no held-out split."""
    return row.mos is None and row.split not in HELD_OUT


def unlabelled(rows: Sequence[Row], pool: str | None = None) -> RowNumbers:
    """Numbers of the rows to label, of one pool or (None) of all."""
    held = held_groups(rows)
    found = [
        k for k, r in enumerate(rows) if is_unlabelled(r) and r.cluster not in held and (pool is None or r.pool == pool)
    ]
    return np.array(found, dtype=np.intp)
