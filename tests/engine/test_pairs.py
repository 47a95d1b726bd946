"""Pairwise accuracy: which of two faces is better, counted as people would."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from engine import pairs, resample
from engine.pairs import Spread
from tests.engine.test_resample import one_by_one


def data(n=60, noise=0.3, seed=0):
    rng = np.random.default_rng(seed)
    mos = np.round(rng.random(n), 2)
    return mos, np.round(mos + rng.normal(0, noise, n), 1)


def test_equals_counting_pair_by_pair():
    mos, pred = data()
    found, total = 0.0, 0
    for i, j in itertools.combinations(range(len(mos)), 2):
        if abs(mos[i] - mos[j]) > pairs.MIN_GAP:
            agree = (mos[i] - mos[j]) * (pred[i] - pred[j])
            found += 1.0 if agree > 0 else 0.5 if agree == 0 else 0.0
            total += 1
    chosen = pairs.choose(mos)
    assert (len(chosen), chosen.sampled, chosen.rule) == (total, False, "MOS differs by more than 0.1")
    assert chosen.accuracy(pred) == pytest.approx(found / total, abs=1e-12)
    assert 0.55 < found / total < 0.95


def test_perfect_reversed_and_constant_scores():
    mos, _ = data()
    chosen = pairs.choose(mos)
    assert [chosen.accuracy(p) for p in (mos, -mos, np.zeros(60))] == [1.0, 0.0, 0.5]
    assert np.isnan(pairs.choose(np.full(5, 0.5)).accuracy(np.arange(5.0)))


def test_pairs_that_raters_cannot_tell_apart_do_not_count():
    rng = np.random.default_rng(0)
    mos, sd, n = rng.random(40), rng.uniform(0.05, 0.3, 40), rng.integers(2, 30, 40)
    chosen = pairs.choose(mos, Spread.of([str(v) for v in sd], [str(v) for v in n]))
    expected = {
        (i, j)
        for i, j in itertools.permutations(range(40), 2)
        if mos[i] > mos[j]
        and stats.ttest_ind_from_stats(mos[i], sd[i], n[i], mos[j], sd[j], n[j], equal_var=False).pvalue < pairs.ALPHA
    }
    assert set(zip(chosen.better.tolist(), chosen.worse.tolist(), strict=True)) == expected
    assert 0 < len(expected) < 40 * 39 / 2
    assert "significantly" in chosen.rule


@pytest.mark.parametrize(
    ("sd", "n"), [(["0.1", ""], ["5", "5"]), (["0.1", "0.1"], ["5", "1"]), (["x", "0"], ["2", "2"])]
)
def test_half_known_opinions_are_not_used(sd, n):
    assert Spread.of(sd, n) is None


def test_the_bootstrap_counts_as_the_drawn_images_do():
    mos, pred = data()
    people = np.arange(60) // 3
    chosen = pairs.choose(mos)
    expected = one_by_one(lambda p, m: pairs.choose(m).accuracy(p), pred, mos, people, samples=100, seed=7)
    found = resample.draws(chosen.resampled, pred, mos, people, samples=100, seed=7)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_of_many_images_some_pairs_are_drawn():
    mos, pred = np.random.default_rng(0).random((2, 5000))
    pred = mos + 0.3 * pred
    chosen, same = pairs.choose(mos, seed=3), pairs.choose(mos, seed=3)
    assert chosen.sampled
    assert len(chosen) == pairs.MOST
    np.testing.assert_array_equal(chosen.better, same.better)
    assert len(np.unique(chosen.better * 5000 + chosen.worse)) == pairs.MOST
    every = pairs.choose(mos[:2000]).accuracy(pred[:2000])
    assert chosen.accuracy(pred) == pytest.approx(every, abs=0.01)
    found = resample.draws(chosen.resampled, pred, mos, np.arange(5000), samples=50, seed=0)
    assert found.mean() == pytest.approx(chosen.accuracy(pred), abs=0.005)
