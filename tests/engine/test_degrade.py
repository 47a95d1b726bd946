"""Degradations on real faces: shape, order, seeds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image

import resources
from engine.degrade import (
    FAMILIES,
    KINDS,
    SEVERITIES,
    VIEW,
    Step,
    degrade,
    degrade_chain,
    draw_chain,
    parse_steps,
    rng_for,
)
from engine.degrade.chains import STAGES


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    """A clean sample, 240 px, not square."""
    picture = Image.open(resources.samples() / "face-02.jpg").convert("RGB")
    return np.asarray(picture.resize((240, 320), Image.Resampling.LANCZOS))


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(np.mean((a.astype(float) - b.astype(float)) ** 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_each_severity_is_further_from_the_original(face, kind):
    before = face.copy()
    steps = [degrade(face, kind, s, rng_for(0, "face", 1)) for s in SEVERITIES]
    assert all(s.dtype == np.uint8 and s.shape == face.shape for s in steps)
    errors = [distance(face, s) for s in steps]
    assert errors[0] > 0
    assert errors == sorted(errors)
    assert len(set(errors)) == 5
    assert np.array_equal(face, before), "the input was changed"


@pytest.mark.parametrize("kind", FAMILIES["pattern"])
@pytest.mark.parametrize("side", [64, 500])
def test_patterns_grow_on_small_and_on_large_pictures(face, kind, side):
    picture = np.asarray(Image.fromarray(face).resize((side, side), Image.Resampling.BICUBIC))
    for draw in range(5):
        errors = [distance(picture, degrade(picture, kind, s, rng_for(draw, "face", 1))) for s in SEVERITIES]
        assert errors[0] > 0
        assert errors == sorted(errors)
        assert len(set(errors)) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_same_generator_same_pixels(face, kind):
    first = degrade(face, kind, 3, rng_for(7, "face", 2))
    assert np.array_equal(first, degrade(face, kind, 3, rng_for(7, "face", 2)))


def test_generator_depends_on_seed_source_and_index():
    draws = {rng_for(*key).integers(2**62) for key in [(0, "a", 0), (1, "a", 0), (0, "b", 0), (0, "a", 1)]}
    assert len(draws) == 4
    assert rng_for(0, "a", 0).integers(2**62) in draws


@pytest.mark.parametrize("kind", ["blur", "defocus", "motion_blur"])
def test_blurs_keep_the_mean_and_do_not_shift_the_image(kind):
    dot = np.full((101, 101, 3), 20, np.uint8)
    dot[50, 50] = 255
    wide = degrade(np.repeat(np.repeat(dot, 3, 0), 3, 1), kind, 4, rng_for(0, "dot", 0)).astype(float).sum(2)
    wide -= wide.min()
    y, x = np.mgrid[:303, :303]
    assert (wide * y).sum() / wide.sum() == pytest.approx(151, abs=0.6)
    assert (wide * x).sum() / wide.sum() == pytest.approx(151, abs=0.6)
    flat = np.full((64, 80, 3), 200, np.uint8)
    assert np.array_equal(degrade(flat, kind, 5, rng_for(0, "flat", 0)), flat)


def test_a_severity_looks_the_same_at_every_size():
    face = Image.open(resources.samples() / "face-11.jpg").convert("RGB")
    seen = []
    for side in (VIEW, VIEW // 2):
        pixels = np.asarray(face.resize((side, side), Image.Resampling.LANCZOS))
        out = Image.fromarray(degrade(pixels, "blur", 4, rng_for(0, "x", 0)))
        seen.append(np.asarray(out.resize((VIEW // 2, VIEW // 2), Image.Resampling.BOX)))
    assert distance(*seen) < 4


def test_noise_does_not_shift_brightness(face):
    out = degrade(face, "noise", 2, rng_for(0, "face", 0))
    assert abs(out.mean() - face.mean()) < 2


def test_exposure_goes_the_right_way(face):
    assert degrade(face, "under_exposure", 3, rng_for(0, "", 0)).mean() < face.mean() - 20
    assert degrade(face, "over_exposure", 3, rng_for(0, "", 0)).mean() > face.mean() + 20


def test_a_fractional_severity_lies_between_its_neighbours(face):
    for kind in ("defocus", "jpeg", "haze", "old_photo"):
        low, middle, high = (distance(face, degrade(face, kind, s, rng_for(0, "face", 1))) for s in (2, 2.5, 3))
        assert low < middle < high


def test_every_kind_is_in_one_family():
    assert sorted(kind for kinds in FAMILIES.values() for kind in kinds) == sorted(KINDS)


@pytest.mark.parametrize("kind", ["old_photo", "screen", "print", "low_light", "restored"])
def test_drawn_textures_differ_between_images_but_not_in_strength(face, kind):
    one, other = (degrade(face, kind, 3, rng_for(0, name, 0)) for name in ("one", "other"))
    assert not np.array_equal(one, other)
    assert distance(face, one) == pytest.approx(distance(face, other), rel=0.6)


def test_chains_go_the_way_of_light_and_often_twice(face):
    order = {kind: n for n, kinds in enumerate(STAGES) for kind in kinds}
    drawn = [draw_chain(rng_for(0, "face", i)) for i in range(600)]
    assert {len(c) for c in drawn} == {2, 3, 4, 5}
    assert {s.kind for c in drawn for s in c} == set(order)
    turns = [sum(order[a.kind] >= order[b.kind] for a, b in itertools.pairwise(c)) for c in drawn]
    assert set(turns) == {0, 1}, "a second pass at most"
    assert 0.15 < sum(turns) / len(turns) < 0.45
    out = degrade_chain(face, drawn[0], rng_for(0, "face", 0))
    assert out.shape == face.shape
    assert not np.array_equal(out, face)


def test_a_held_out_family_is_in_no_chain():
    drawn = [draw_chain(rng_for(0, "face", i), FAMILIES["blur"]) for i in range(300)]
    assert not {s.kind for c in drawn for s in c} & set(FAMILIES["blur"])
    assert min(map(len, drawn)) >= 1


def test_steps_as_text():
    steps = (Step("blur", 2), Step("jpeg", 4.5))
    assert "+".join(map(str, steps)) == "blur:2+jpeg:4.5"
    assert parse_steps("blur:2+jpeg:4.5") == steps
    assert parse_steps("") == ()
    for wrong in ("blur", "blur:6", "fog:1", "blur:x", "blur:nan"):
        with pytest.raises(ValueError, match="KIND:SEVERITY"):
            parse_steps(wrong)


def test_wrong_arguments_are_refused(face):
    rng = rng_for(0, "", 0)
    for bad in (face.astype(float), face[..., 0], np.dstack([face, face[..., :1]])):
        with pytest.raises(ValueError, match="uint8"):
            degrade(bad, "blur", 1, rng)
    with pytest.raises(ValueError, match="unknown kind"):
        degrade(face, "fog", 1, rng)
    for severity in (0, 5.1, 6):
        with pytest.raises(ValueError, match=r"1\.\.5"):
            degrade(face, "blur", severity, rng)
