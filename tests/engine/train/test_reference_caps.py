"""The cap of a source: nothing for a pristine one, more the more it suffered before it came here."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from PIL import Image

import resources
from engine.degrade import VIEW, degrade, rng_for
from engine.train.reference_caps import block_steps, cap

pytestmark = pytest.mark.train
PRISTINE = "face-11.jpg"


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    return Image.open(resources.samples() / PRISTINE).convert("RGB")


def worn(portrait: Image.Image, kind: str, severity: float) -> Image.Image:
    return Image.fromarray(degrade(np.asarray(portrait), kind, severity, rng_for(0, "", 0)))


def own_cap(picture: Image.Image) -> float:
    return cap(block_steps(picture), picture)


def test_a_sharp_clean_large_portrait_has_none(portrait):
    assert min(portrait.size) >= VIEW
    assert own_cap(portrait) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("kind", ["blur", "defocus", "noise", "low_resolution"])
def test_what_a_source_suffered_before_lowers_its_cap(portrait, kind):
    caps = [own_cap(portrait), *(own_cap(worn(portrait, kind, s)) for s in (2, 3, 4, 5))]
    assert all(a > b for a, b in itertools.pairwise(caps)), caps
    assert caps[-1] < 0.45


def test_wrong_tone_is_left_to_the_eye(portrait):
    assert own_cap(worn(portrait, "low_contrast", 2)) == pytest.approx(own_cap(portrait), abs=0.05)


def test_blocks_count_where_they_will_be_seen(portrait):
    small = portrait.resize((VIEW, round(VIEW * portrait.height / portrait.width)))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=12)
    saved = Image.open(buffer).convert("RGB")
    assert own_cap(saved) < 0.75 * own_cap(small)
    assert cap(block_steps(saved), saved) <= cap(block_steps(saved), saved.resize((4 * VIEW, 4 * VIEW))) + 1e-9


def test_the_cap_grows_with_the_size(portrait):
    caps = [cap(0.0, portrait.resize((side, side), Image.Resampling.LANCZOS)) for side in (24, 60, 120, 220, VIEW)]
    assert caps == sorted(caps)
    assert caps[0] < 0.12
