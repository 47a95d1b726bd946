"""Text must be readable on every surface of both themes, and no key may do two things."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QListView, QPlainTextEdit, QPushButton, QWidget

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
@pytest.mark.parametrize("ink", ["text", "muted", "warning"])
def test_text_beside_and_instead_of_faces_has_a_contrast_of_4_5(colours, ink):
    assert contrast(getattr(colours, ink), colours.canvas) >= 4.5


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
def test_text_on_the_accent_and_links_have_a_contrast_of_4_5(colours):
    assert contrast(colours.text, colours.chosen) >= 4.5
    assert contrast(colours.accent_text, colours.accent) >= 4.5
    assert all(contrast(colours.accent, surface) >= 4.5 for surface in (colours.window, colours.panel))


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("surface", ["window", "panel", "raised"])
def test_what_tells_a_control_its_focus_or_a_grade_has_a_contrast_of_3(colours, surface):
    ground = getattr(colours, surface)
    for told in (colours.edge, colours.accent, colours.label, *colours.grades):
        assert contrast(told, ground) >= 3.0


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
def test_the_window_draws_text_in_the_colours_that_were_measured(qapp, colours):
    """What Qt draws by itself comes from the palette: its text too stands on its own surface with 4.5:1."""
    theme.apply(qapp, colours.name)
    role, palette = QPalette.ColorRole, qapp.palette()
    for ink, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.PlaceholderText, role.Base),
        (role.HighlightedText, role.Highlight),
    ):
        assert contrast(palette.color(ink).name(), palette.color(ground).name()) >= 4.5


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("kind", ["plain", "primary", "checked", "list", "text"])
def test_the_focus_is_seen_on_every_kind_of_control(qapp, qtbot, colours, kind):
    theme.apply(qapp, colours.name)
    page = QWidget()
    qtbot.addWidget(page)
    made = {"list": QListView, "text": QPlainTextEdit}.get(kind, QPushButton)(parent=page)
    other = QPushButton("Other", page)
    made.setProperty("role", "primary" if kind == "primary" else "")
    if kind == "checked":
        made.setCheckable(True)
        made.setChecked(True)
    made.resize(90, 40)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    other.setFocus()
    without = made.grab().toImage()
    made.setFocus()
    edges = [
        (image.pixelColor(45, 0).name(), image.pixelColor(45, 1).name()) for image in (without, made.grab().toImage())
    ]
    told = 2.0 if kind == "primary" else 3.0  # its ring changes colour, and stands out against the window as before
    assert any(contrast(a, b) >= told for a, b in zip(*edges, strict=True))


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
def test_a_tick_is_seen(qapp, qtbot, colours):
    """Where the box is, and whether it is ticked, without reading colour alone: the tick is a shape."""
    theme.apply(qapp, colours.name)
    box = QCheckBox("Text")
    qtbot.addWidget(box)
    box.resize(80, 24)
    empty = box.grab().toImage()
    inks = {empty.pixelColor(x, y).name() for x in range(16) for y in range(24)}
    assert max(contrast(ink, colours.window) for ink in inks) >= 3.0
    box.setChecked(True)
    ticked = box.grab().toImage()
    inks = {ticked.pixelColor(x, y).name() for x in range(3, 13) for y in range(7, 17)}
    assert max(contrast(ink, colours.accent) for ink in inks) >= 3.0


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
