"""The bootstrap of all draws at once gives the numbers of the one draw by draw."""

from __future__ import annotations

import numpy as np
import pytest

from engine import metrics, resample


def data(ties: bool, seed: int = 0):
    rng = np.random.default_rng(seed)
    mos = rng.random(60)
    pred = mos + rng.normal(0, 0.2, 60)
    if ties:
        mos, pred = np.round(mos, 1), np.round(pred, 1)
    return pred, mos, rng.integers(0, 25, 60)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("name", list(resample.RESAMPLED))
def test_same_as_draw_by_draw(name, ties):
    pred, mos, groups = data(ties)
    expected = metrics.metric_interval(getattr(metrics, name), pred, mos, groups, samples=300, seed=7)
    found = resample.draws(name, pred, mos, groups, samples=300, seed=7)
    actual = resample.interval(getattr(metrics, name)(pred, mos), found)
    np.testing.assert_allclose([actual.low, actual.high], [expected.low, expected.high], atol=1e-6)


def test_whole_groups_are_drawn():
    counts = resample.draw(["a", "a", "b", "c", "c"], 50)
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 3] == counts[:, 4]).all()
    assert (counts[:, [0, 2, 3]].sum(1) == 3).all()


def test_draws_without_spread_have_no_correlation():
    counts = np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    values = np.array([0.1, 0.2, 0.3])
    for name in ("srcc", "plcc", "krcc"):
        found = resample.RESAMPLED[name](counts, values, values)
        assert np.isnan(found[0])
        assert found[1] == pytest.approx(1.0)
