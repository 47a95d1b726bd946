"""Degradations on real faces: shape, order, seeds."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import resources
from engine.degrade import (
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


def test_chains_have_two_or_three_stages_in_the_order_of_light(face):
    order = {
        kind: n
        for n, kinds in enumerate(
            [
                ("under_exposure", "over_exposure"),
                ("blur", "defocus", "motion_blur"),
                ("low_resolution",),
                ("noise",),
                ("jpeg",),
            ]
        )
        for kind in kinds
    }
    chains = [draw_chain(rng_for(0, "face", i)) for i in range(300)]
    assert {len(c) for c in chains} == {2, 3}
    assert {s.kind for c in chains for s in c} == set(KINDS)
    for chain in chains:
        stages = [order[s.kind] for s in chain]
        assert stages == sorted(set(stages))
    out = degrade_chain(face, chains[0], rng_for(0, "face", 0))
    assert out.shape == face.shape
    assert not np.array_equal(out, face)


def test_steps_as_text():
    steps = (Step("blur", 2), Step("jpeg", 5))
    assert parse_steps("+".join(map(str, steps))) == steps
    assert parse_steps("") == ()
    for wrong in ("blur", "blur:6", "fog:1"):
        with pytest.raises(ValueError, match="KIND:SEVERITY"):
            parse_steps(wrong)


def test_wrong_arguments_are_refused(face):
    rng = rng_for(0, "", 0)
    for bad in (face.astype(float), face[..., 0], np.dstack([face, face[..., :1]])):
        with pytest.raises(ValueError, match="uint8"):
            degrade(bad, "blur", 1, rng)
    with pytest.raises(ValueError, match="unknown kind"):
        degrade(face, "fog", 1, rng)
    for severity in (0, 6):
        with pytest.raises(ValueError, match=r"1\.\.5"):
            degrade(face, "blur", severity, rng)
