"""The weak label on real faces: bounds, ladders, comparability, the cap."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import resources
from engine.degrade import KINDS, SEVERITIES, VIEW, degrade, rng_for
from engine.train import weak_labels
from engine.train.weak_labels import ANCHORS, LEVELS, Measures, join, native_cap, under_cap, weak_label

pytestmark = pytest.mark.train
PERFECT = Measures(vif=1.0, haarpsi=1.0, mdsi=0.0, tone=0.0)


def sample(name: str, size: int = 400) -> np.ndarray:
    picture = Image.open(resources.samples() / name).convert("RGB")
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    return np.asarray(picture)


@pytest.fixture(scope="module")
def ladders() -> dict[tuple[str, str], list[float]]:
    """Labels at severities 1..5 of every kind on two clean faces (light and dark skin, two sets)."""
    out = {}
    for name in ("face-02.jpg", "face-05.jpg"):
        face = sample(name)
        for kind in KINDS:
            out[name, kind] = [weak_label(face, degrade(face, kind, s, rng_for(0, name, 1))) for s in SEVERITIES]
    return out


def test_every_ladder_falls_strictly(ladders):
    for key, labels in ladders.items():
        steps = [1.0, *labels, 0.0]
        assert all(a > b for a, b in itertools.pairwise(steps)), (key, labels)


def test_severities_use_the_scale_and_agree_across_kinds(ladders):
    for severity, (low, high) in zip(
        SEVERITIES, [(0.6, 0.9), (0.4, 0.75), (0.2, 0.6), (0.08, 0.48), (0.01, 0.3)], strict=True
    ):
        means = [np.mean([v[severity - 1] for (_, k), v in ladders.items() if k == kind]) for kind in KINDS]
        assert low < min(means)
        assert max(means) < high


def test_mild_of_any_kind_is_above_heavy_of_any_kind(ladders):
    assert min(v[0] for v in ladders.values()) > max(v[3] for v in ladders.values())


def test_the_untouched_reference_is_exactly_one():
    face = sample("face-11.jpg")
    assert weak_label(face, face.copy()) == 1.0
    assert join(PERFECT) == 1.0


def test_storing_the_image_does_not_spoil_its_label():
    face = sample("face-11.jpg")
    bad = degrade(face, "noise", 3, rng_for(0, "", 0))
    buffer = io.BytesIO()
    Image.fromarray(bad).save(buffer, "JPEG", quality=95, subsampling=0)
    stored = np.asarray(Image.open(buffer))
    assert abs(weak_label(face, stored) - weak_label(face, bad)) < 0.02


def test_exposure_alone_counts_through_tone():
    face = sample("face-11.jpg")
    measures = weak_labels.measure(face, degrade(face, "under_exposure", 3, rng_for(0, "", 0)))
    assert measures.tone > 20
    assert join(measures) < 0.75 * join(Measures(measures.vif, measures.haarpsi, measures.mdsi, 0.0))


def test_maps_are_monotone_and_cover_the_scale():
    for name, knots in ANCHORS.items():
        assert len(knots) == len(LEVELS)
        assert np.all(np.diff(knots) < 0) or np.all(np.diff(knots) > 0), name


@given(vif=st.floats(0, 1.2), haarpsi=st.floats(0, 1), mdsi=st.floats(0, 1), tone=st.floats(0, 100))
def test_label_is_bounded_and_worse_measures_never_help(vif, haarpsi, mdsi, tone):
    label = join(Measures(vif, haarpsi, mdsi, tone))
    assert 0 <= label <= 1
    assert join(Measures(vif * 0.9, haarpsi, mdsi, tone)) <= label
    assert join(Measures(vif, haarpsi * 0.9, mdsi, tone)) <= label
    assert join(Measures(vif, haarpsi, mdsi + 0.05, tone)) <= label
    assert join(Measures(vif, haarpsi, mdsi, tone + 5)) <= label


@given(label=st.floats(0, 1), cap=st.floats(0, 1))
def test_cap_is_a_ceiling_and_keeps_the_order(label, cap):
    joined = under_cap(label, cap)
    assert 0 <= joined <= min(label, cap) + 1e-12
    assert under_cap(1.0, cap) == pytest.approx(cap)
    assert under_cap(label * 0.9, cap) <= joined


def test_cap_grows_with_the_native_size_up_to_the_view():
    caps = [native_cap(side) for side in (1, 16, 40, 100, 200, 300, VIEW, 2 * VIEW)]
    assert caps == sorted(caps)
    assert caps[-2:] == [1.0, 1.0]
    assert native_cap(0) == 0.0


def test_cap_is_what_the_rule_gives_a_shrunk_portrait():
    face = sample("face-19.jpg", 448)
    for side in (46, 110, 220):
        shrunk = Image.fromarray(face).resize((side, side), Image.Resampling.LANCZOS)
        again = np.asarray(shrunk.resize(face.shape[1::-1], Image.Resampling.BICUBIC))
        assert weak_label(face, again) == pytest.approx(native_cap(side), abs=0.1)


def test_a_small_source_is_capped_not_refused():
    face = sample("face-11.jpg", 150)
    assert weak_label(face, face, native_side=150) == pytest.approx(native_cap(150))
    worse = degrade(face, "jpeg", 2, rng_for(0, "", 0))
    assert weak_label(face, worse, native_side=150) < native_cap(150)


def test_different_sizes_are_refused():
    face = sample("face-11.jpg", 200)
    with pytest.raises(ValueError, match="differ in size"):
        weak_label(face, face[:-1])
