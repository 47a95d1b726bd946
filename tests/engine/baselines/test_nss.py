"""Natural scene statistics against values that the tests derive on their own."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, special

from engine.baselines import features, nss, pristine
from engine.image import ImageError
from tests import pictures


def draws_of_ggd(shape, sd, count, rng):
    """|x|^a of a generalised Gaussian is gamma distributed."""
    beta = sd * np.sqrt(special.gamma(1 / shape) / special.gamma(3 / shape))
    return rng.choice([-1, 1], count) * beta * rng.gamma(1 / shape, size=count) ** (1 / shape)


@pytest.mark.parametrize(("shape", "sd"), [(0.6, 0.5), (1.0, 2.0), (2.0, 1.0), (4.0, 0.1)])
def test_ggd_parameters_are_recovered_from_draws(shape, sd):
    values = draws_of_ggd(shape, sd, 400_000, np.random.default_rng(1))
    found, variance = nss.fit_ggd(values.reshape(1, -1))
    assert found[0] == pytest.approx(shape, rel=0.03)
    assert variance[0] == pytest.approx(sd**2, rel=0.02)


@pytest.mark.parametrize(("shape", "left", "right"), [(0.8, 0.5, 1.5), (1.5, 2.0, 0.7), (3.0, 1.0, 1.0)])
def test_aggd_parameters_are_recovered_from_draws(shape, left, right):
    """Sides are drawn with probabilities in proportion to their scales, which makes the density continuous at 0."""
    rng = np.random.default_rng(2)
    on_left = rng.random(400_000) < left / (left + right)
    unit = np.abs(draws_of_ggd(shape, 1.0, 400_000, rng))
    values = np.where(on_left, -left * unit, right * unit)
    fit = nss.fit_aggd(values.reshape(1, -1))
    assert fit.shape[0] == pytest.approx(shape, rel=0.03)
    assert fit.left[0] == pytest.approx(left, rel=0.02)
    assert fit.right[0] == pytest.approx(right, rel=0.02)
    assert fit.mean[0] == pytest.approx(values.mean(), abs=0.01)


def test_the_mean_of_an_aggd_is_that_of_its_density():
    fit = nss.Aggd(np.array([1.3]), np.array([0.4]), np.array([1.1]))
    scale = np.sqrt(special.gamma(1 / 1.3) / special.gamma(3 / 1.3))
    betas = (0.4 * scale, 1.1 * scale)

    def density(x):
        beta = betas[int(x > 0)]
        return 1.3 / (sum(betas) * special.gamma(1 / 1.3)) * np.exp(-((abs(x) / beta) ** 1.3))

    parts = [integrate.quad(lambda x: x * density(x), *limits)[0] for limits in ((-np.inf, 0), (0, np.inf))]
    assert fit.mean[0] == pytest.approx(sum(parts), rel=1e-6)


def test_mscn_equals_a_direct_convolution():
    rng = np.random.default_rng(3)
    grey = rng.uniform(0, 255, (17, 23))
    y, x = np.mgrid[-3:4, -3:4]
    window = np.exp(-(x**2 + y**2) / (2 * (7 / 6) ** 2))
    window /= window.sum()
    framed = np.pad(grey, 3, mode="edge")
    expected = np.empty_like(grey)
    for row in range(17):
        for column in range(23):
            seen = framed[row : row + 7, column : column + 7]
            mean = (window * seen).sum()
            contrast = np.sqrt((window * (seen - mean) ** 2).sum())
            expected[row, column] = (grey[row, column] - mean) / (contrast + 1)
    coefficients, contrast = nss.mscn(grey)
    np.testing.assert_allclose(coefficients, expected, atol=1e-9)
    assert contrast.shape == grey.shape


def test_patches_are_cut_row_by_row():
    picture = np.arange(24.0).reshape(4, 6)
    cut = nss.patches(picture, 2)
    assert cut.shape == (6, 2, 2)
    np.testing.assert_array_equal(cut[1], picture[:2, 2:4])
    np.testing.assert_array_equal(cut[3], picture[2:, :2])


def test_many_patches_at_once_give_what_each_gives_alone():
    cut = nss.patches(nss.mscn(nss.luminance(pictures.face(0, (192, 192))))[0], 96)
    for make in (nss.niqe_features, nss.brisque_features):
        alone = np.concatenate([make(patch[None]) for patch in cut])
        np.testing.assert_allclose(make(cut), alone, rtol=1e-12)
        assert alone.shape == (4, nss.FEATURES_OF_SCALE)


def test_features_of_a_fixed_picture_are_pinned():
    """A chequered ramp that needs no drawing library. A change here changes every fitted model: raise nss.VERSION."""
    y, x = np.mgrid[:128, :128]
    grey = np.round((40 + x + 0.5 * y + 20 * ((x // 8 + y // 8) % 2) + 7 * ((3 * x + 5 * y) % 11)) % 256)
    found = features.of_luminance(grey, Path("fixed"))
    assert found.shape == (features.FEATURES,)
    np.testing.assert_allclose(found[[0, 1, 2, 3, 4, 5, 18, 19, 20, 35]], PINNED, rtol=1e-6)


def test_nothing_warns_on_numpy_2():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = pictures.face(1, (256, 224))
        found = features.of_luminance(nss.luminance(picture), Path("a"))
        patches, *_ = pristine.patch_features(picture, Path("a"))
    assert np.isfinite(found).all()
    assert np.isfinite(patches).all()


def test_flat_and_small_pictures_are_refused_with_the_reason():
    from PIL import Image

    with pytest.raises(ImageError, match="flat"):
        features.of_luminance(np.full((64, 64), 90.0), Path("a"))
    with pytest.raises(ImageError, match="flat"):
        pristine.patch_features(Image.new("RGB", (200, 200), (9, 9, 9)), Path("a"))
    with pytest.raises(ImageError, match="191 x 300 pixels are too few"):
        pristine.patch_features(pictures.face(0, (191, 300)), Path("a"))


PINNED = [
    10.0,
    0.822316526,
    1.80335495,
    -0.279414673,
    0.824981907,
    0.306556401,
    3.09116532,
    0.482774318,
    1.02310786,
    0.0819519979,
]
