"""The bootstrap of all draws at once: the numbers of a plain loop, and intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from engine import metrics, resample
from tests.long import LONG


def data(ties: bool, seed: int = 0):
    rng = np.random.default_rng(seed)
    mos = rng.random(60)
    pred = mos + rng.normal(0, 0.2, 60)
    if ties:
        mos, pred = np.round(mos, 1), np.round(pred, 1)
    return pred, mos, rng.integers(0, 25, 60)


def one_by_one(metric, pred, mos, groups, *, samples, seed):
    """The bootstrap as a plain loop: draw people, gather their images, compute."""
    rng = np.random.default_rng(seed)
    rows = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    drawn = (np.concatenate([rows[k] for k in rng.integers(0, len(rows), len(rows))]) for _ in range(samples))
    return np.array([metric(pred[i], mos[i]) for i in drawn])


def interval_of(name, pred, mos, groups, *, samples=300, seed=0):
    found = resample.draws(name, pred, mos, groups, samples=samples, seed=seed)
    return resample.interval(getattr(metrics, name)(pred, mos), found)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("name", list(resample.RESAMPLED))
def test_same_as_draw_by_draw(name, ties):
    pred, mos, groups = data(ties)
    expected = one_by_one(getattr(metrics, name), pred, mos, groups, samples=300, seed=7)
    found = resample.draws(name, pred, mos, groups, samples=300, seed=7)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_many_images_are_drawn_in_parts_that_change_nothing(monkeypatch):
    pred, mos, groups = data(ties=True)
    whole = resample.draws("srcc", pred, mos, groups, samples=50, seed=3)
    monkeypatch.setattr(resample, "_CHUNK", 60 * 7)
    np.testing.assert_array_equal(resample.draws("srcc", pred, mos, groups, samples=50, seed=3), whole)


def test_an_interval_is_seeded_and_lies_around_its_value():
    pred, mos, groups = data(ties=True, seed=3)
    one, two, other = (interval_of("srcc", pred, mos, groups, seed=s) for s in (5, 5, 6))
    assert one == two != other
    assert one.value == pytest.approx(metrics.srcc(pred, mos))
    assert one.low < one.value < one.high


def test_by_person_is_wider_than_by_image():
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(30), 10)
    mos = rng.normal(size=30)[people]
    pred = mos + rng.normal(size=30)[people] + rng.normal(0, 0.05, 300)
    by_person, by_image = (interval_of("srcc", pred, mos, g) for g in (people, np.arange(300)))
    assert by_person.high - by_person.low > 1.5 * (by_image.high - by_image.low)
    assert by_person.value == by_image.value


@pytest.mark.parametrize("offset", [0.0, 1000.0])
@pytest.mark.parametrize("scale", [1e-20, 1.0, 1e20])
def test_correlations_do_not_care_for_the_scale(scale, offset):
    pred, mos, groups = data(ties=False)
    plain, moved = (resample.draws("plcc", p, mos, groups, samples=50, seed=0) for p in (pred, (pred + offset) * scale))
    np.testing.assert_allclose(moved, plain, atol=1e-9)


def test_an_interval_of_hardly_any_draws_is_none():
    """What is left of the draws when most have no value is no fair sample."""
    assert np.isnan(resample.interval(0.5, np.array([np.nan, np.nan, 0.4, 0.6])).low)
    assert resample.interval(0.5, np.array([np.nan, 0.4, 0.5, 0.6])).low == pytest.approx(0.405)


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


def coverage(name, truth, studies, samples, *, images=200, each=1, by_image=False, rho=0.8):
    """Share of simulated studies (bivariate normal, `each` images of a person alike) whose interval holds the truth."""
    rng = np.random.default_rng(11)
    people = np.arange(images) // each
    held = 0
    for study in range(studies):
        mos, noise = rng.normal(size=(2, images // each))[:, people]
        pred = rho * mos + np.sqrt(1 - rho**2) * noise
        groups = np.arange(images) if by_image else people
        found = resample.draws(name, pred, mos, groups, samples=samples, seed=study)
        low, high = (getattr(resample.interval(0.0, found), end) for end in ("low", "high"))
        held += low <= truth <= high
    return held / studies


SPEARMAN = 6 / np.pi * np.arcsin(0.8 / 2)
"""Spearman's correlation of a bivariate normal distribution with Pearson's 0.8."""


@pytest.mark.parametrize(("name", "truth"), [("srcc", SPEARMAN), ("plcc", 0.8), ("rmse", np.sqrt(0.4)), ("bias", 0.0)])
def test_intervals_hold_the_truth_as_often_as_they_say(name, truth):
    """95 +- 2 % of many studies; of these 250, within two of its standard errors (1.4 %) more."""
    assert 0.93 - 0.02 <= coverage(name, truth, 250, 300) <= 0.97 + 0.02


def test_images_of_one_person_are_no_independent_witnesses():
    by_person = coverage("plcc", 0.8, 150, 200, images=300, each=3)
    by_image = coverage("plcc", 0.8, 150, 200, images=300, each=3, by_image=True)
    assert by_person > 0.9
    assert by_image < 0.85, "counting each image alone was to promise too much"


@LONG
@pytest.mark.parametrize(("name", "truth"), [("srcc", SPEARMAN), ("plcc", 0.8), ("rmse", np.sqrt(0.4)), ("bias", 0.0)])
def test_intervals_hold_the_truth_in_95_of_100_studies(name, truth):
    assert coverage(name, truth, 2000, 500) == pytest.approx(0.95, abs=0.02)
