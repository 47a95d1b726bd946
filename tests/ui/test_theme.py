"""Text must be readable on every surface of both themes, and no key may do two things."""

from __future__ import annotations

import pytest

from app.ui import theme, words
from app.ui.actions import SPECS


def luminance(colour: str) -> float:
    def linear(part):
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("surface", ["window", "panel", "raised"])
@pytest.mark.parametrize("ink", ["text", "muted", "label", "warning"])
def test_text_has_a_contrast_of_4_5(colours, surface, ink):
    assert contrast(getattr(colours, ink), getattr(colours, surface)) >= 4.5


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
def test_accents_and_grades_stand_out(colours):
    assert contrast(colours.accent_text, colours.accent) >= 4.5
    assert all(contrast(grade, colours.panel) >= 2.5 for grade in colours.grades)


def test_no_key_does_two_things():
    keys = [key for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("value", "word"),
    [(-0.2, "Bad"), (0.1, "Bad"), (0.13, "Poor"), (0.5, "Fair"), (0.88, "Excellent"), (1.3, "Excellent")],
)
def test_a_score_is_told_by_the_nearest_acr_word(qapp, value, word):
    assert words.quality_word(value) == word


def test_acr_categories_are_the_scale_of_the_library(qapp):
    assert [words.acr_value(k) for k in range(1, 6)] == [0, 0.25, 0.5, 0.75, 1]
    assert words.number(float("nan")) == "–"
    assert words.duration(75) == "1 min 15 s"
    assert words.file_size(1_234_567) == "1.2 MB"
