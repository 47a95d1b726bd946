"""A split cut by a column of its manifest: does the model serve every kind of face alike?

Numbers of few images are noise, and the largest gap between many small slices is large by chance alone: slices of fewer
than `FEWEST` images are counted and not shown, and each number keeps its interval.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.evaluate.numbers import measured
from engine.manifest import Manifest, Row
from engine.metrics import FloatArray

Mask = npt.NDArray[np.bool_]

FEWEST: Final = 30
BUCKETS: Final = 4
METRICS: Final = ("srcc", "plcc", "rmse", "bias")
_GAPS: Final = ("srcc", "bias")
_OF_ROW: Final = ("source", "provenance", "pool", "group", "weight", "split", "mos")
_ABSENT: Final = "(none)"


def require(manifest: Manifest, columns: Sequence[str]) -> None:
    """Check that there is something to cut by.

    Raises:
        UserError: the manifest has no such column.
    """
    known = (*_OF_ROW, *manifest.extra_columns)
    if unknown := [c for c in columns if c not in known]:
        raise UserError(f"The manifest has no column '{unknown[0]}'.", f"Its columns are: {', '.join(known)}.")


def _text(row: Row, column: str) -> str:
    value = getattr(row, column) if column in _OF_ROW else row.extra.get(column, "")
    return "" if value is None else str(value)


def _numbers(texts: Sequence[str]) -> FloatArray | None:
    """The column as numbers, NaN where it is empty; None where it holds words, or few values: then each is a slice."""
    try:
        found = np.array([float(t) if t else np.nan for t in texts])
    except ValueError:
        return None
    return found if len(np.unique(found[np.isfinite(found)])) > 2 * BUCKETS else None


def cut(part: Manifest, column: str) -> Iterator[tuple[str, Mask]]:
    """The slices (name, which rows) in order: the values of a column, or ranges between its quantiles of numbers."""
    texts = np.array([_text(r, column) for r in part.rows], dtype=np.str_)
    numbers = _numbers(texts.tolist())
    if numbers is None:
        absent = texts == ""
        yield from ((str(value), texts == value) for value in np.unique(texts[~absent]))
    else:
        absent = ~np.isfinite(numbers)
        yield from _ranges(np.where(absent, np.nan, numbers))
    if absent.any():
        yield _ABSENT, absent


def _ranges(numbers: FloatArray) -> Iterator[tuple[str, Mask]]:
    """Ranges that hold about as many images each; a value that fills several makes fewer of them."""
    edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, BUCKETS + 1)))
    for low, high in itertools.pairwise(edges):
        last = high == edges[-1]
        inside = (numbers >= low) & ((numbers <= high) if last else (numbers < high))
        yield f"{low:g} to {'' if last else 'under '}{high:g}", inside


def one_column(part: Manifest, column: str, scores: Mapping[str, FloatArray], *, seed: int = 0) -> dict[str, Any]:
    """The slices of a split by one column.

    Args:
        part: labelled rows.
        scores: by model (`candidate`, `baseline`), finite, [N].

    Returns:
        values (value, n, groups, and the numbers of each model), hidden (slices and images that are too few to show),
        gap (by model: largest minus smallest SRCC and bias of those shown; None of fewer than two), note.
    """
    mos, groups = part.mos, part.groups
    shown: list[dict[str, Any]] = []
    hidden, few = 0, 0
    for value, rows in cut(part, column):
        if (n := int(rows.sum())) < FEWEST:
            hidden, few = hidden + 1, few + n
            continue
        numbers = {
            who: {m: measured(m, s[rows], mos[rows], groups[rows], seed=seed) for m in METRICS}
            for who, s in scores.items()
        }
        shown.append({"value": value, "n": n, "groups": len(np.unique(groups[rows])), **numbers})
    note = f"Slices of fewer than {FEWEST} images, not shown: {hidden} ({few} images)" if hidden else ""
    return {
        "column": column,
        "values": shown,
        "hidden": {"values": hidden, "images": few},
        "gap": {who: {m: _gap([s[who][m]["value"] for s in shown]) for m in _GAPS} for who in scores},
        "note": note,
    }


def _gap(found: Sequence[float]) -> float | None:
    finite = [v for v in found if np.isfinite(v)]
    return max(finite) - min(finite) if len(finite) > 1 else None
