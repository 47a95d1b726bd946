"""A calibrator never decreases, says how sure it is, and survives JSON."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import calibrate
from engine.calibrate import CalibrationError, Calibrator

DRAWS = int(os.environ.get("FIQA_COVERAGE_DRAWS", "60"))
"""200 by hand."""


def draw(rng, images, per_person=1):
    """Scores bent against the curators' scale, a taste of each person's own, and a rater's slips."""
    person = np.arange(images) // per_person
    quality = rng.beta(2, 2, images)
    raw = 0.2 + 0.5 * quality**2 + rng.normal(0, 0.04, images)
    mos = quality + rng.normal(0, 0.05, person[-1] + 1)[person] + rng.normal(0, 0.1, images)
    return raw, np.clip(mos, 0, 1), person


@pytest.mark.parametrize(("labels", "per_person"), [(60, 1), (200, 2)])
def test_ninety_percent_of_new_labels_lie_in_the_interval(labels, per_person):
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(DRAWS):
        found = calibrate.fit(*draw(rng, labels, per_person))
        raw, mos, _ = draw(rng, 500)
        at = found.apply(raw)
        covered.append(np.mean((mos >= at.low) & (mos <= at.high)))
    assert np.mean(covered) == pytest.approx(0.90, abs=0.03)


def test_calibrated_scores_are_nearer_to_the_labels_and_keep_their_order():
    rng = np.random.default_rng(1)
    found = calibrate.fit(*draw(rng, 200))
    raw, mos, _ = draw(rng, 2000)
    at = found.apply(raw)
    assert np.mean((at.value - mos) ** 2) < 0.5 * np.mean((raw - mos) ** 2)
    assert (np.diff(at.value[np.argsort(raw)]) >= 0).all()
    assert (at.low <= at.value).all()
    assert (at.value <= at.high).all()


@given(seed=st.integers(0, 10_000), labels=st.integers(20, 180), upside_down=st.booleans())
@settings(max_examples=15, deadline=None)
def test_it_never_decreases_whatever_the_labels(seed, labels, upside_down):
    raw, mos, person = draw(np.random.default_rng(seed), labels)
    found = calibrate.fit(raw, 1 - mos if upside_down else mos, person)
    at = found.apply(np.linspace(-5, 5, 999))
    assert (np.diff(at.value) >= 0).all()
    assert ((at.value >= 0) & (at.value <= 1) & (at.low >= 0) & (at.high <= 1)).all()


def test_few_labels_allow_a_straight_line_only():
    rng = np.random.default_rng(2)
    assert calibrate.fit(*draw(rng, 49)).kind == "affine"
    assert set(calibrate.fit(*draw(rng, 60)).errors) == {"affine", "logistic"}
    assert set(calibrate.fit(*draw(rng, 160)).errors) == {"affine", "logistic", "isotonic"}


def test_a_bent_scale_is_not_taken_for_a_line():
    rng = np.random.default_rng(3)
    raw = rng.uniform(-1, 1, 300)
    mos = 0.2 + 0.6 / (1 + np.exp(-12 * raw)) + rng.normal(0, 0.03, 300)
    found = calibrate.fit(raw, mos, np.arange(300))
    assert found.kind != "affine"
    assert found.errors[found.kind] < 0.8 * found.errors["affine"]


def test_too_few_labels_or_people_are_refused():
    rng = np.random.default_rng(4)
    raw, mos, person = draw(rng, 19)
    with pytest.raises(CalibrationError, match="needs 20 labels"):
        calibrate.fit(raw, mos, person)
    with pytest.raises(CalibrationError, match="there are 40 on 2"):
        calibrate.fit(*draw(rng, 40)[:2], np.arange(40) // 20)


def test_with_fewer_than_nine_people_nothing_may_lie_outside():
    """The rank that a finite number of groups asks for does not exist, so the interval is the whole scale."""
    rng = np.random.default_rng(5)
    raw, mos, _ = draw(rng, 40)
    at = calibrate.fit(raw, mos, np.arange(40) % 8).apply(raw)
    assert (at.low == 0).all()
    assert (at.high == 1).all()


def test_it_survives_json_and_refuses_what_is_no_calibrator():
    found = calibrate.fit(*draw(np.random.default_rng(6), 60), provenance={"human": 60})
    again = Calibrator.from_json(json.loads(json.dumps(found.to_json())))
    assert again == found
    data = found.to_json()
    with pytest.raises(CalibrationError, match="not monotone"):
        Calibrator.from_json(data | {"value": data["value"][::-1]})
    with pytest.raises(CalibrationError, match="differ in length"):
        Calibrator.from_json(data | {"low": [0.0]})
    with pytest.raises(CalibrationError, match="no calibrator"):
        Calibrator.from_json({"raw": [0, 1]})


def test_an_image_without_a_score_has_no_calibrated_one():
    at = calibrate.fit(*draw(np.random.default_rng(7), 60)).apply([np.nan, 0.4])
    assert np.isnan([at.value[0], at.low[0], at.high[0]]).all()
    assert np.isfinite([at.value[1], at.low[1], at.high[1]]).all()


def test_percentiles_need_no_labels_and_name_their_reference():
    found = calibrate.percentile(np.linspace(0.2, 0.8, 101), "London set")
    assert found.reference == "London set"
    assert found.apply([0.5]).value[0] == pytest.approx(0.5, abs=0.01)
    assert found.apply([0.1, 0.9]).value.tolist() == pytest.approx([0.01, 1.0], abs=0.01)
    assert np.isnan(found.apply([0.5]).low[0])
