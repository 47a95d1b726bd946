"""The weak label on real faces: bounds, ladders, comparability, the cap."""

from __future__ import annotations

import io
import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import resources
from engine.degrade import KINDS, SEVERITIES, VIEW, degrade, rng_for
from engine.train import weak_labels
from engine.train.weak_labels import ANCHORS, LADDER_STEP, LEVELS, Measures, in_order, join, under_cap, weak_label

pytestmark = pytest.mark.train
COLOURS = {"white": (255, 255, 255), "red": (255, 0, 0), "grey 50": (119, 119, 119)}
KNOWN = {
    "blur": [0.8823, 0.706, 0.5242, 0.327, 0.1356],
    "defocus": [0.8528, 0.6922, 0.4789, 0.2864, 0.1163],
    "motion_blur": [0.8401, 0.6744, 0.4802, 0.2658, 0.0956],
    "noise": [0.6378, 0.374, 0.1838, 0.1173, 0.0628],
    "jpeg": [0.7575, 0.5781, 0.4404, 0.2926, 0.1483],
    "low_resolution": [0.793, 0.6114, 0.4189, 0.2416, 0.089],
    "under_exposure": [0.7639, 0.5564, 0.3528, 0.1824, 0.046],
    "over_exposure": [0.5659, 0.3487, 0.3258, 0.2654, 0.1207],
    "oriented_blur": [0.8227, 0.6443, 0.4623, 0.2748, 0.1036],
    "iso_noise": [0.7437, 0.5155, 0.3072, 0.1316, 0.0714],
    "low_light": [0.8615, 0.6999, 0.5108, 0.316, 0.108],
    "impulse_noise": [0.8196, 0.6411, 0.4524, 0.2409, 0.1065],
    "webp": [0.6911, 0.5605, 0.4359, 0.2668, 0.0906],
    "resaved": [0.7347, 0.5847, 0.4552, 0.3232, 0.1845],
    "pixelated": [0.8127, 0.6352, 0.463, 0.1944, 0.068],
    "low_contrast": [0.8142, 0.6178, 0.3892, 0.1912, 0.0512],
    "high_contrast": [0.8531, 0.7375, 0.5756, 0.3308, 0.0929],
    "faded_colour": [0.8331, 0.6913, 0.5838, 0.5086, 0.4634],
    "strong_colour": [0.6782, 0.4411, 0.2575, 0.1107, 0.0249],
    "colour_cast": [0.7742, 0.5682, 0.394, 0.2376, 0.1351],
    "banding": [0.7544, 0.5782, 0.3781, 0.1688, 0.0696],
    "haze": [0.7352, 0.5092, 0.3424, 0.194, 0.0521],
    "glare": [0.7809, 0.6025, 0.406, 0.1751, 0.0381],
    "oversharpened": [0.8182, 0.6271, 0.4568, 0.3112, 0.1461],
    "smoothed": [0.8241, 0.7269, 0.6056, 0.4485, 0.2432],
    "restored": [0.6112, 0.5113, 0.4003, 0.2617, 0.1397],
    "screen": [0.7727, 0.5827, 0.3714, 0.1952, 0.0655],
    "print": [0.7837, 0.5716, 0.3862, 0.2718, 0.1762],
    "old_photo": [0.8334, 0.5929, 0.3158, 0.1259, 0.0556],
    "stripes": [0.8178, 0.65, 0.4684, 0.2607, 0.0973],
    "tape": [0.8748, 0.6807, 0.468, 0.2786, 0.1004],
    "ghosting": [0.6559, 0.4706, 0.3407, 0.2335, 0.1433],
    "ringing": [0.83, 0.6695, 0.5589, 0.3682, 0.1624],
    "mosaic": [0.7557, 0.654, 0.5143, 0.3348, 0.1355],
    "lost_blocks": [0.6121, 0.4922, 0.3384, 0.1764, 0.0636],
}
"""Labels of severities 1 to 5 on the face of `ladders`."""
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
    bounds = [(0.55, 0.9), (0.33, 0.76), (0.17, 0.63), (0.1, 0.53), (0.02, 0.48)]
    for severity, level, (low, high) in zip(SEVERITIES, LEVELS[1:], bounds, strict=False):
        found = {kind: labels[severity - 1] for (_, kind), labels in ladders.items()}
        assert low < min(found.values()), (severity, min(found, key=found.__getitem__), found)
        assert max(found.values()) < high, (severity, max(found, key=found.__getitem__), found)
        assert np.median(list(found.values())) == pytest.approx(level, abs=0.05), severity


def test_mild_of_any_kind_is_above_heavy_of_any_kind(ladders):
    assert min(v[0] for v in ladders.values()) > max(v[3] for v in ladders.values())


def at_level(k: int, **other: float) -> Measures:
    """Every measure where its map reads LEVELS[k]; `other` names the level of those that read another."""
    levels = {name: int(other.get(name, k)) for name in ANCHORS}
    return Measures(**{name: ANCHORS[name][level] for name, level in levels.items()}, tone=0.0)


@pytest.mark.parametrize("k", range(len(LEVELS)))
def test_measures_that_agree_give_the_level_that_they_agree_on(k):
    assert join(at_level(k)) == pytest.approx(LEVELS[k])


def test_between_two_anchors_the_map_is_straight():
    for name, knots in ANCHORS.items():
        for k, (a, b) in enumerate(itertools.pairwise(knots)):
            found = weak_labels._mapped(0.75 * a + 0.25 * b, knots)
            assert found == pytest.approx(0.75 * LEVELS[k] + 0.25 * LEVELS[k + 1]), (name, k)


def test_structure_is_the_mean_of_the_middle_three_of_the_five():
    # 1, 0.82, 0.64, 0.1, 0.1: all five would give 0.532, their median 0.64.
    found = at_level(0, vif=0, haarpsi=1, mdsi=2, gmsd=5, ms_ssim=5)
    assert join(found) == pytest.approx((0.82 + 0.64 + 0.10) / 3)


@pytest.mark.parametrize("name", sorted(ANCHORS))
def test_no_single_measure_decides(name):
    assert join(at_level(2, **{name: 0})) == pytest.approx(LEVELS[2])
    assert join(at_level(2, **{name: 6})) == pytest.approx(LEVELS[2])


@pytest.mark.parametrize(("tone", "share"), [(46.0, math.exp(-1)), (23.0, math.exp(-(0.5**1.4))), (0.0, 1.0)])
def test_tone_multiplies_the_structure(tone, share):
    for k in (0, 2, 4):
        assert join(replace(at_level(k), tone=tone)) == pytest.approx(share * LEVELS[k])


def test_tone_is_a_difference_in_cielab_in_which_colour_counts_less_than_light():
    flat = {name: np.full((VIEW, VIEW, 3), rgb, dtype=np.uint8) for name, rgb in COLOURS.items()}
    white_red = math.sqrt(46.76**2 + 0.7**2 * (80.09**2 + 67.20**2))  # white 100, 0, 0; red 53.24, 80.09, 67.20
    assert weak_labels.measure(flat["white"], flat["red"]).tone == pytest.approx(white_red, rel=0.005)
    assert weak_labels.measure(flat["grey 50"], flat["white"]).tone == pytest.approx(50.0, abs=0.1)


@pytest.mark.parametrize(("label", "cap", "joined"), [(0.5, 0.5, 1 / 3), (0.8, 0.5, 4 / 9), (1.0, 0.3, 0.3), (0, 1, 0)])
def test_a_cap_joins_by_the_hamacher_product(label, cap, joined):
    assert under_cap(label, cap) == pytest.approx(joined)


@pytest.mark.parametrize(
    ("labels", "ordered"),
    [
        ([0.9, 0.5, 0.6, 0.2], [0.9, 0.55, 0.54, 0.2]),  # the wrong pair shares its mean, then a step of 0.01
        ([0.3, 0.6, 0.6], [0.5, 0.49, 0.48]),  # a pool grows as far back as it must
        ([0.5, 0.495], [0.5, 0.49]),  # right, but nearer than a step
        ([0.005, 0.0, 0.0], [0.005, 0.002, 0.001]),  # no room for steps above 0
    ],
)
def test_ladders_that_were_measured_wrongly_are_put_right(labels, ordered):
    assert in_order(labels) == pytest.approx(ordered)


def test_blurs_read_alike_in_every_measure_and_as_the_scale_says():
    """The anchors are medians over portraits, so one face is off by some hundredths, but in all measures alike."""
    face = sample("face-02.jpg")
    for severity, level in zip(SEVERITIES, LEVELS[1:], strict=False):
        found = weak_labels.measure(face, degrade(face, "blur", severity, rng_for(0, "", 0)))
        read = {name: weak_labels._mapped(getattr(found, name), knots) for name, knots in ANCHORS.items()}
        assert max(read.values()) - min(read.values()) < 0.09, (severity, read)
        assert abs(np.mean(list(read.values())) - level) < 0.08, (severity, read)


def test_labels_are_those_of_the_rule_that_is_named(ladders):
    """Another number is another rule: then it needs another name in `RULE`, and these lines are made anew."""
    assert weak_labels.RULE == "five-measures-lab-tone-caps-v2"
    assert {kind for _, kind in ladders} == set(KNOWN)
    for (_, kind), labels in ladders.items():
        assert labels == pytest.approx(KNOWN[kind], abs=0.01), kind


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
    assert abs(weak_label(face, stored) - weak_label(face, bad)) < 0.005


@pytest.mark.parametrize(
    ("kind", "tone", "share"),
    [("under_exposure", 27.1, 0.621), ("colour_cast", 16.0, 0.796), ("jpeg", 1.5, 0.991), ("noise", 0.36, 0.999)],
)
def test_exposure_and_colour_count_through_tone_and_what_leaves_them_alone_does_not(kind, tone, share):
    face = sample("face-11.jpg")
    measures = weak_labels.measure(face, degrade(face, kind, 3, rng_for(0, "", 0)))
    assert measures.tone == pytest.approx(tone, rel=0.03)
    assert join(measures) / join(replace(measures, tone=0.0)) == pytest.approx(share, abs=0.01)


def test_darkness_counts_more_in_the_middle_than_at_the_border():
    face = sample("face-11.jpg")
    dark = degrade(face, "under_exposure", 3, rng_for(0, "", 0))
    height, width, _ = face.shape
    middle = np.zeros((height, width, 1), dtype=bool)
    middle[height // 5 : -height // 5, width // 5 : -width // 5] = True  # 36 % of the picture
    strips = np.zeros_like(middle)
    strips[: height // 5] = strips[-height // 5 :] = True  # 40 %
    at_border, in_middle = np.where(strips, dark, face), np.where(middle, dark, face)
    share = weak_labels.measure(face, at_border).tone / weak_labels.measure(face, in_middle).tone
    assert share == pytest.approx(0.76, abs=0.03)  # 1.05 if all places counted alike


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
