"""Splits by group: stable, salted, in proportion."""

from __future__ import annotations

import pytest

from engine import groups


def test_a_group_is_always_on_one_side():
    people = [f"person {k % 50}" for k in range(500)]
    splits = groups.assign(people, salt="library 1")
    assert len({(p, s) for p, s in zip(people, splits, strict=True)}) == 50


def test_splits_stay_as_images_arrive_and_move_with_the_salt():
    people = [f"person {k}" for k in range(300)]
    before = groups.assign(people[:100], salt="a")
    assert groups.assign(people, salt="a")[:100] == before
    assert groups.assign(people, salt="b")[:100] != before


def test_fractions_are_met():
    splits = groups.assign([str(k) for k in range(4000)], salt="s")
    for name, share in groups.DEFAULT_FRACTIONS.items():
        assert splits.count(name) / 4000 == pytest.approx(share, abs=0.02)


def test_a_split_of_no_share_gets_nothing():
    found = groups.assign([str(k) for k in range(500)], salt="s", fractions={"train": 0.5, "val": 0.5, "test": 0.0})
    assert set(found) == {"train", "val"}


def test_fractions_must_sum_to_one():
    with pytest.raises(ValueError, match="sum to 1"):
        groups.split_of("x", salt="s", fractions={"train": 0.5})
