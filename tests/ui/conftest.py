"""Columns made by hand for tests of the gallery's model; everything else uses a real library."""

from __future__ import annotations

import numpy as np
import pytest

from app.library.columns import FACTORS, Columns
from app.ui import theme


def columns(scores, *, mos=None, first_id=1, names=None, problem=None, folder=None):
    """A `Columns` of len(scores) rows; NaN where a list holds None."""
    n = len(scores)

    def number(values, kind):
        return np.array([np.nan if v is None else v for v in values], dtype=kind)

    def text(values):
        out = np.empty(n, dtype=object)
        out[:] = values
        return out

    names = names or [f"face-{i:03d}.jpg" for i in range(n)]
    return Columns(
        id=np.arange(first_id, first_id + n, dtype=np.int64),
        folder=np.array(folder or [1] * n, dtype=np.int64),
        path=text([f"/faces/{name}" for name in names]),
        name=text(names),
        size=np.arange(n, dtype=np.int64),
        mtime_ns=np.arange(n, dtype=np.int64),
        width=np.full(n, 64, dtype=np.int32),
        height=np.full(n, 64, dtype=np.int32),
        score=number(scores, np.float32),
        calibrated=np.full(n, np.nan, dtype=np.float32),
        calibrated_low=np.full(n, np.nan, dtype=np.float32),
        calibrated_high=np.full(n, np.nan, dtype=np.float32),
        percentile=np.full(n, np.nan, dtype=np.float32),
        mos=number(mos or [None] * n, np.float32),
        mos_low=np.full(n, np.nan, dtype=np.float32),
        mos_high=np.full(n, np.nan, dtype=np.float32),
        n_ratings=np.zeros(n, dtype=np.int16),
        provenance=text([""] * n),
        flag=text([""] * n),
        problem=text(problem or [""] * n),
        missing=np.zeros(n, dtype=bool),
        split=text([""] * n),
        group=text([""] * n),
        reason=text([""] * n),
        extra=np.full(n, np.nan, dtype=np.float32),
        **{name: np.full(n, np.nan, dtype=np.float32) for name in FACTORS},
    )


@pytest.fixture
def make_columns():
    return columns


@pytest.fixture(autouse=True)
def _dressed(qapp):
    theme.apply(qapp, "dark")
