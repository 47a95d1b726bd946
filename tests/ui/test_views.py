"""Gallery, loupe and histogram as widgets: geometry, keys, what they announce."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.ui.finding.histogram import Histogram
from app.ui.gallery.grid import GAP, Grid
from app.ui.gallery.model import GalleryModel
from app.ui.gallery.view import GalleryView
from app.ui.large.loupe import Loupe


@pytest.fixture
def gallery(qtbot, make_columns):
    model = GalleryModel()
    view = GalleryView(model)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    model.set_columns(make_columns(list(np.linspace(1, 0, 200))))
    return view


def test_position_and_place_are_inverse(gallery):
    for position in range(gallery.first_visible(), gallery.last_visible()):
        assert gallery.position_at(gallery.tile_rect(position).center()) == position
    assert gallery.position_at(QPoint(1, 1)) == -1


def test_tiles_do_not_overlap_and_fill_the_width(gallery):
    rects = [gallery.tile_rect(i) for i in range(gallery.columns())]
    assert all(a.right() < b.left() for a, b in itertools.pairwise(rects))
    assert gallery.viewport().width() - rects[-1].right() < 40


@pytest.mark.parametrize("width", [40, 213, 800, 2561])
def test_the_gaps_between_tiles_belong_to_nobody_and_no_position_lies_beyond_the_end(width):
    grid, count, scroll = Grid(width, side=120), 11, 30
    for x in range(0, width, 7):
        for y in range(0, 700, 7):
            under = [k for k in range(count) if grid.rect(k, scroll).contains(x, y)]
            assert grid.position_at(QPoint(x, y), scroll, count) == (under[0] if under else -1)
    assert grid.rect(count - 1, 0).bottom() + GAP <= grid.height(count)
    assert grid.first_visible(grid.scroll_to(count - 1)) <= count - 1


def test_announces_what_is_on_screen_and_what_is_near(qtbot, gallery):
    with qtbot.waitSignal(gallery.viewport_changed) as announced:
        gallery.verticalScrollBar().setValue(gallery.verticalScrollBar().maximum() // 2)
    visible, near = announced.args
    assert set(visible).isdisjoint(near)
    assert gallery.model.id_at(gallery.first_visible()) == visible[0]
    assert len(near) > len(visible)


def test_arrow_keys_move_and_scroll(qtbot, gallery):
    gallery.model.step(0)
    qtbot.keyClick(gallery, Qt.Key.Key_Right)
    assert gallery.model.position(gallery.model.current) == 1
    qtbot.keyClick(gallery, Qt.Key.Key_Down)
    assert gallery.model.position(gallery.model.current) == 1 + gallery.columns()
    qtbot.keyClick(gallery, Qt.Key.Key_End)
    last = len(gallery.model) - 1
    assert gallery.model.position(gallery.model.current) == last
    assert gallery.viewport().rect().contains(gallery.tile_rect(last).center())


def test_click_shift_and_control_select(qtbot, gallery):
    def click(position, modifier=Qt.KeyboardModifier.NoModifier):
        where = gallery.tile_rect(position).center()
        qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, modifier, where)

    click(0)
    click(3, Qt.KeyboardModifier.ShiftModifier)
    assert len(gallery.model.selection) == 4
    click(1, Qt.KeyboardModifier.ControlModifier)
    assert len(gallery.model.selection) == 3
    click(2)
    assert gallery.model.selection == {gallery.model.id_at(2)}


def picture(width, height, value):
    return np.full((height, width, 3), value, dtype=np.uint8)


@pytest.fixture
def loupe(qtbot):
    widget = Loupe()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    return widget


def test_loupe_never_shows_an_image_that_is_no_longer_wanted(loupe):
    loupe.expect(2)
    loupe.show_image(1, picture(100, 100, 255))
    assert loupe.shown == -1
    loupe.show_image(2, picture(100, 100, 255))
    assert loupe.shown == 2


def test_loupe_keeps_the_old_image_until_the_next_is_ready(loupe):
    loupe.expect(1)
    loupe.show_image(1, picture(100, 100, 255))
    loupe.expect(2)
    assert loupe.shown == 1
    loupe.show_failure(2, "The file is cut off.")
    assert loupe.shown == 2


def test_zoom_and_centre_are_kept_between_images(loupe):
    loupe.expect(1)
    loupe.show_image(1, picture(1000, 1000, 10))
    assert loupe.fitted
    loupe.toggle_zoom()
    assert loupe.zoom == pytest.approx(1.0)
    loupe.expect(2)
    loupe.show_image(2, picture(900, 1200, 20))
    assert loupe.zoom == pytest.approx(1.0)
    loupe.toggle_zoom()
    assert loupe.fitted


def test_100_percent_comes_at_the_cursor(qtbot, loupe):
    loupe.expect(1)
    loupe.show_image(1, picture(1000, 1000, 10))
    before = loupe._relative(QPoint(120, 60).toPointF())
    qtbot.mouseClick(loupe, Qt.MouseButton.MiddleButton, pos=QPoint(120, 60))
    after = loupe._relative(QPoint(120, 60).toPointF())
    assert loupe.zoom == 1.0
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.01)


def test_selected_files_can_be_dragged_to_another_program(gallery):
    gallery.model.select([gallery.model.id_at(2), gallery.model.id_at(0)])
    mime = gallery.drag_data()
    assert mime.hasFormat("text/uri-list")
    names = [url.fileName() for url in mime.urls()]
    assert names == [str(name) for name in gallery.model.shown("name")[[0, 2]]]


def test_at_fit_the_whole_image_is_visible(loupe):
    loupe.expect(1)
    loupe.show_image(1, picture(1000, 200, 255))
    shot = loupe.grab().toImage()
    assert shot.pixelColor(12, 150).lightness() > 200
    assert shot.pixelColor(200, 20).lightness() < 100


def test_histogram_handles_filter_and_reset(qtbot):
    widget = Histogram()
    qtbot.addWidget(widget)
    widget.resize(240, 110)
    widget.show()
    widget.set_values(np.array([0.1, 0.5, 0.9, np.nan], dtype=np.float32))
    with qtbot.waitSignal(widget.range_changed) as ranged:
        qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(66, 40))
    assert ranged.args[0] == pytest.approx(0.25, abs=0.02)
    assert ranged.args[1] is None
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(66, 40))
    with qtbot.waitSignal(widget.range_changed) as ranged:
        widget.reset()
    assert ranged.args == [None, None]
