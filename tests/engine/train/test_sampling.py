"""Which images stand in a batch: quotas, rare scores, the paper's equal sources."""

from __future__ import annotations

import numpy as np
import pytest

from engine.train.sampling import epoch_batches, quotas, rarity

pytestmark = pytest.mark.train


@pytest.mark.parametrize(
    ("weights", "batch", "expected"),
    [
        ([1, 1, 1], 32, [11, 11, 10]),
        ([1, 1], 32, [16, 16]),
        ([8, 1], 32, [25, 7]),  # 4 each, the other 24 as 8 to 1, rounded
        ([1000, 1], 32, [28, 4]),
        ([0, 0], 8, [4, 4]),
        ([5, 1, 1], 3, [1, 1, 1]),
    ],
)
def test_quotas_follow_the_weights_and_leave_every_source_a_correlation(weights, batch, expected):
    assert quotas(weights, batch) == expected


def test_rare_scores_count_by_the_root():
    scores = np.array([0.05] * 90 + [0.95] * 10)
    chance = rarity(scores)
    assert chance.mean() == pytest.approx(1)
    assert chance[-1] / chance[0] == pytest.approx(3)


def test_balanced_epochs_show_rare_scores_more_often_but_none_without_end():
    scores = np.array([0.05] * 90 + [0.95] * 10)
    rng = np.random.default_rng(0)
    rows = np.concatenate([r for r, _ in epoch_batches([np.arange(100)], 10, rng, chances=[rarity(scores)])])
    often = np.bincount(rows, minlength=100)
    assert len(rows) == 100
    assert often[90:].sum() == pytest.approx(25, abs=1)
    assert often[90:].max() <= 3
    assert often[:90].max() <= 1


def test_without_chances_an_epoch_shows_every_image_once():
    rows = np.concatenate([r for r, _ in epoch_batches([np.arange(100)], 10, np.random.default_rng(0))])
    assert sorted(rows) == list(range(100))


def test_a_small_source_comes_round_again():
    batches = list(epoch_batches([np.arange(8), np.arange(100, 192)], 20, np.random.default_rng(0)))
    assert len(batches) == 5
    for rows, counts in batches:
        assert counts == (10, 10)
        assert (rows[:10] < 8).all()
        assert (rows[10:] >= 100).all()
