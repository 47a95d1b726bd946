"""Quality factors: each moves with what it names, and hardly with the rest."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from engine import factors
from tests import pictures

FACE = pictures.face(3, (400, 480)).filter(ImageFilter.GaussianBlur(1))  # without the drawing's own grain
CLEAN = factors.measure(FACE)


def changed(image: Image.Image) -> factors.Factors:
    return factors.measure(image)


def array(image: Image.Image) -> np.ndarray:
    return np.asarray(image).astype(np.float64)


def picture(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def jpeg(quality: int) -> Image.Image:
    return Image.open(io.BytesIO(pictures.encoded(FACE, "JPEG", quality=quality))).convert("RGB")


def test_all_lie_between_zero_and_one_and_repeat():
    for image in (FACE, Image.new("RGB", (1, 1)), Image.new("RGB", (3, 900), "white"), picture(array(FACE) * 0)):
        found = factors.measure(image)
        assert found == factors.measure(image)
        assert all(0.0 <= value <= 1.0 for value in vars(found).values())


def test_blur_lowers_sharpness():
    falling = [changed(FACE.filter(ImageFilter.GaussianBlur(r))).sharpness for r in (0, 2, 4, 8)]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < falling[0] / 4


def test_dark_and_overexposed_pictures_are_badly_exposed():
    for factor in (0.1, 3.0):
        assert changed(picture(array(FACE) * factor)).exposure < CLEAN.exposure - 0.2


def test_a_pale_picture_has_less_contrast():
    assert changed(picture(array(FACE) * 0.3 + 90)).contrast == pytest.approx(0.3 * CLEAN.contrast, abs=0.02)


def test_grain_is_told_by_its_strength():
    rng = np.random.default_rng(0)
    base = np.full((256, 256), 128.0)
    for sd in (5.0, 15.0):
        noisy = picture(np.repeat((base + rng.normal(0, sd, base.shape))[..., None], 3, axis=2))
        assert changed(noisy).noise == pytest.approx(sd / 255 / 0.1, rel=0.05)
    assert CLEAN.noise < 0.1


def test_compression_shows_its_blocks():
    rising = [changed(jpeg(q)).compression for q in (95, 40, 10)]
    assert rising == sorted(rising)
    assert CLEAN.compression < 0.1 < rising[-1] - 0.2


def test_size_does_not_change_what_is_read_at_the_fixed_size():
    large = FACE.resize((1200, 1440), Image.Resampling.LANCZOS)
    found = factors.measure(large)
    for name in ("sharpness", "exposure", "contrast"):
        assert getattr(found, name) == pytest.approx(getattr(CLEAN, name), abs=0.08)
