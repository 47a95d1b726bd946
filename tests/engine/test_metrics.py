"""Metrics against SciPy, with ties, constants and NaN; a fit that neither hangs nor turns round."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine import metrics


def draws(seed: int, n: int, ties: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    mos = rng.uniform(0, 1, n)
    pred = mos + rng.normal(0, 0.2, n)
    return (np.round(pred, 1), np.round(mos, 1)) if ties else (pred, mos)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [5, 60, 500])
def test_correlations_equal_scipy(seed: int, n: int, ties: bool):
    pred, mos = draws(seed, n, ties)
    assert metrics.srcc(pred, mos) == pytest.approx(stats.spearmanr(pred, mos).statistic, abs=1e-9)
    assert metrics.plcc(pred, mos) == pytest.approx(stats.pearsonr(pred, mos).statistic, abs=1e-9)
    assert metrics.krcc(pred, mos) == pytest.approx(stats.kendalltau(pred, mos).statistic, abs=1e-9)
    assert metrics.rmse(pred, mos) == pytest.approx(math.sqrt(((pred - mos) ** 2).mean()), abs=1e-12)


@pytest.mark.parametrize("name", ["srcc", "plcc", "krcc", "plcc_fit"])
def test_a_correlation_that_does_not_exist_is_nan(name: str):
    metric = metrics.ALL[name]
    some = [0.1, 0.5, 0.9]
    for pred, mos in (([0.5] * 3, some), (some, [0.5] * 3), ([0.1], [0.2]), ([], []), ([0.1, math.nan, 1.0], some)):
        assert math.isnan(metric(pred, mos)), (pred, mos)


def test_lengths_must_match():
    with pytest.raises(ValueError, match="equal length"):
        metrics.srcc([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="1-D"):
        metrics.plcc(np.ones((3, 1)), np.ones((3, 1)))


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9, 1e200])
def test_plcc_does_not_care_for_scale(scale: float):
    pred, mos = draws(0, 50, ties=False)
    assert metrics.plcc(pred * scale, mos) == pytest.approx(metrics.plcc(pred, mos), abs=1e-9)
    assert metrics.plcc(-pred, mos) == pytest.approx(-metrics.plcc(pred, mos), abs=1e-12)


def test_logistic_fit_straightens_a_curve_of_either_direction():
    mos = np.linspace(0, 1, 200)
    curved = 4 * np.arctanh(np.clip(2 * mos - 1, -0.98, 0.98))
    for pred in (curved, -curved):
        assert metrics.plcc_fit(pred, mos) > 0.999 > abs(metrics.plcc(pred, mos))
        assert metrics.rmse_fit(pred, mos) < 0.02


def test_logistic_fit_is_never_worse_than_a_line_and_never_hangs():
    rng = np.random.default_rng(0)
    started = time.process_time()
    for pred, mos in (
        (np.r_[np.zeros(99), 1.0], rng.uniform(0, 1, 100)),
        (np.repeat([0.0, 1.0], 50), rng.uniform(0, 1, 100)),
        (rng.normal(0, 1e-12, 100), rng.uniform(0, 1, 100)),
        (rng.normal(0, 1e6, 100), np.repeat([0.0, 1.0], 50)),
    ):
        line = np.polyval(np.polyfit(pred, mos, 1), pred)
        assert metrics.rmse_fit(pred, mos) <= metrics.rmse(line, mos) + 1e-9
    assert time.process_time() - started < 20


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_fit_is_monotone_in_the_direction_of_the_correlation(pairs: list[tuple[float, float]]):
    pred, mos = np.array(pairs).T
    grid = np.linspace(pred.min() - 1, pred.max() + 1, 200)
    steps = np.diff(metrics.fit_logistic(pred, mos)(grid))
    assert np.isfinite(steps).all()
    direction = metrics.plcc(pred, mos)
    if math.isnan(direction):
        assert (steps == 0).all()
    elif abs(direction) > 0.1:
        assert (steps * np.sign(direction) >= -1e-9).all()
    else:
        assert (steps >= -1e-9).all() or (steps <= 1e-9).all()


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_fit_does_not_care_for_the_scale_of_the_scores(scale: float):
    rng = np.random.default_rng(0)
    mos = rng.random(300)
    pred = np.arctanh(np.clip(2 * mos - 1, -0.97, 0.97)) + rng.normal(0, 0.3, 300)
    assert metrics.plcc_fit(pred * scale + 5 * scale, mos) == pytest.approx(metrics.plcc_fit(pred, mos), abs=1e-6)
    assert metrics.rmse_fit(-pred * scale, mos) == pytest.approx(metrics.rmse_fit(pred, mos), abs=1e-6)


def test_constant_predictions_fit_the_mean():
    assert metrics.fit_logistic([0.5] * 4, [0.0, 0.2, 0.4, 0.6])([0.1, 0.9]) == pytest.approx([0.3, 0.3])


def test_summary_names_its_protocols():
    assert set(metrics.summary(*draws(0, 30, ties=False))) == {"srcc", "plcc", "plcc_fit", "krcc", "rmse"}
