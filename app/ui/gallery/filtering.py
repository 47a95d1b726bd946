"""Which rows the gallery lets through and in which order: pure functions over NumPy columns."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.library.columns import Columns
from app.library.query import Context, Predicate, compile_query, sorting

Positions = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
STILL = ("name", "random")
"""Sorts by what never changes: only new rows are out of place under them."""
SORTS = ("score", "mos", "difference", "name", *(key for key in sorting.SORT_KEYS[3:]))
"""Every sort that a person may choose."""


@dataclass(frozen=True)
class Query:
    """Which rows, and in which order."""

    view: str = ""
    """Filter of the chosen view; what is typed narrows it further."""
    text: str = ""
    folder: int | None = None
    inside: str = ""
    """A folder below `folder`, absolute; '' = all of it."""
    low: float | None = None
    high: float | None = None
    sort: str = "score"
    descending: bool = True

    @property
    def filter(self) -> str:
        """View and text as one filter."""
        parts = [part for part in (self.view.strip(), self.text.strip()) if part]
        return parts[0] if len(parts) == 1 else " ".join(f"({part})" for part in parts)


@lru_cache(maxsize=64)
def understood(text: str, display_scale: tuple[float, float] = (0.0, 1.0)) -> Predicate:
    """Raises QueryError."""
    return compile_query(text, display_scale)


def mask(columns: Columns, query: Query, context: Context, display_scale: tuple[float, float]) -> Mask:
    """bool [N]: the rows that a query lets through."""
    found: Mask = understood(query.filter, display_scale)(columns, context)
    if query.folder is not None:
        found = found & (columns.folder == query.folder)
    if query.inside:
        prefix = query.inside.rstrip(os.sep) + os.sep
        found = found & np.fromiter((p.startswith(prefix) for p in columns.path), dtype=bool, count=len(columns))
    if query.low is not None:
        found = found & (columns.shown >= query.low)
    if query.high is not None:
        found = found & (columns.shown <= query.high)
    return found


def name_ranks(columns: Columns) -> Floats:
    """float64 [N]: where each path stands in the alphabet; slow, so it is kept."""
    folded = [p.casefold() for p in columns.path.tolist()]
    ranks = np.empty(len(folded))
    ranks[sorted(range(len(folded)), key=folded.__getitem__)] = np.arange(len(folded))
    return ranks


def order(columns: Columns, rows: Positions, values: Floats, *, descending: bool) -> Positions:
    """These rows, sorted by values [N]; rows without a value come last in either direction."""
    keys = values[rows] if not descending else -values[rows]
    # Stable, and NaN sorts last: equal and missing values keep the order of the ids.
    by_id = np.argsort(columns.id[rows], kind="stable")
    return rows[by_id][np.argsort(keys[by_id], kind="stable")]


Ranking = Callable[[Columns], Floats]
"""Gives each row its place in a fixed order, such as a random one."""
