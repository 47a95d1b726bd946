"""The weak label on real faces: bounds, ladders, comparability, the cap."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import resources
from engine.degrade import KINDS, SEVERITIES, degrade, rng_for
from engine.train import weak_labels
from engine.train.weak_labels import ANCHORS, LADDER_STEP, LEVELS, Measures, in_order, join, under_cap, weak_label

pytestmark = pytest.mark.train
PERFECT = Measures(vif=1.0, haarpsi=1.0, mdsi=0.0, gmsd=0.0, ms_ssim=1.0, tone=0.0)


def sample(name: str, size: int = 400) -> np.ndarray:
    picture = Image.open(resources.samples() / name).convert("RGB")
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    return np.asarray(picture)


@pytest.fixture(scope="module")
def ladders() -> dict[tuple[str, str], list[float]]:
    """Labels at severities 1..5 of every kind, in turn on a clean face of light and one of dark skin."""
    faces, out = {name: sample(name) for name in ("face-02.jpg", "face-05.jpg")}, {}
    for kind, name in zip(KINDS, itertools.cycle(faces), strict=False):
        out[name, kind] = [
            weak_label(faces[name], degrade(faces[name], kind, s, rng_for(0, name, 1))) for s in SEVERITIES
        ]
    return out


def test_every_ladder_falls_strictly(ladders):
    for key, labels in ladders.items():
        steps = [1.0, *labels, 0.0]
        assert all(a > b for a, b in itertools.pairwise(steps)), (key, labels)


def test_severities_use_the_scale_and_agree_across_kinds(ladders):
    """So "severity 3" is about as bad in every kind; grey, bands of a cast or a saved copy do not end a picture."""
    bounds = [(0.5, 0.95), (0.3, 0.8), (0.12, 0.68), (0.01, 0.6), (0.001, 0.5)]
    for severity, (low, high) in zip(SEVERITIES, bounds, strict=True):
        means = {kind: np.mean([v[severity - 1] for (_, k), v in ladders.items() if k == kind]) for kind in KINDS}
        assert low < min(means.values()), (severity, min(means, key=means.__getitem__), means)
        assert max(means.values()) < high, (severity, max(means, key=means.__getitem__), means)


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


def test_exposure_and_colour_count_through_tone():
    face = sample("face-11.jpg")
    for kind in ("under_exposure", "colour_cast"):
        measures = weak_labels.measure(face, degrade(face, kind, 3, rng_for(0, "", 0)))
        assert measures.tone > 9
        assert join(measures) < 0.93 * join(replace(measures, tone=0.0))


def test_darkness_counts_more_in_the_middle_than_at_the_border():
    face = sample("face-11.jpg")
    dark = degrade(face, "under_exposure", 3, rng_for(0, "", 0))
    height, width, _ = face.shape
    middle = np.zeros((height, width, 1), dtype=bool)
    middle[height // 5 : -height // 5, width // 5 : -width // 5] = True  # 36 % of the picture
    strips = np.zeros_like(middle)
    strips[: height // 5] = strips[-height // 5 :] = True  # 40 %
    at_border, in_middle = np.where(strips, dark, face), np.where(middle, dark, face)
    assert weak_labels.measure(face, at_border).tone < 0.9 * weak_labels.measure(face, in_middle).tone


def test_maps_are_monotone_and_cover_the_scale():
    for name, knots in ANCHORS.items():
        assert len(knots) == len(LEVELS)
        assert np.all(np.diff(knots) < 0) or np.all(np.diff(knots) > 0), name


@given(
    vif=st.floats(0, 1.2),
    haarpsi=st.floats(0, 1),
    mdsi=st.floats(0, 1),
    gmsd=st.floats(0, 1),
    ms_ssim=st.floats(0, 1),
    tone=st.floats(0, 100),
)
def test_label_is_bounded_and_worse_measures_never_help(vif, haarpsi, mdsi, gmsd, ms_ssim, tone):
    found = Measures(vif, haarpsi, mdsi, gmsd, ms_ssim, tone)
    label = join(found)
    assert 0 <= label <= 1
    for worse in (
        replace(found, vif=vif * 0.9),
        replace(found, haarpsi=haarpsi * 0.9),
        replace(found, mdsi=mdsi + 0.05),
        replace(found, gmsd=gmsd + 0.05),
        replace(found, ms_ssim=ms_ssim * 0.9),
        replace(found, tone=tone + 5),
    ):
        assert join(worse) <= label + 1e-12


@given(label=st.floats(0, 1), cap=st.floats(0, 1))
def test_cap_is_a_ceiling_and_keeps_the_order(label, cap):
    joined = under_cap(label, cap)
    assert 0 <= joined <= min(label, cap) + 1e-12
    assert under_cap(1.0, cap) == pytest.approx(cap)
    assert under_cap(label * 0.9, cap) <= joined


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_ladders_fall_strictly_and_stay_near_what_was_measured(labels):
    ordered = in_order(labels)
    assert all(a > b for a, b in itertools.pairwise(ordered))
    assert min(ordered) > 0
    if all(a - b >= LADDER_STEP for a, b in itertools.pairwise([*labels, 0.0])):
        assert ordered == pytest.approx(labels)


def test_a_capped_source_keeps_the_order_of_its_ladder():
    face = sample("face-11.jpg")
    assert weak_label(face, face, cap=0.7) == 0.7
    labels = [weak_label(face, degrade(face, "jpeg", s, rng_for(0, "", 0)), cap=0.7) for s in (1, 2, 4)]
    assert 0.7 > labels[0] > labels[1] > labels[2]


def test_different_sizes_are_refused():
    face = sample("face-11.jpg", 200)
    with pytest.raises(ValueError, match="differ in size"):
        weak_label(face, face[:-1])
