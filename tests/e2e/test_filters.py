"""The filter box in the real window: completion, errors at the character, views, folders, what stays in place."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt

import resources
from tests import waiting

SAMPLES = 24


@pytest.fixture
def faces(tmp_path):
    """The samples in two folders, one inside the other."""
    root = tmp_path / "faces"
    (root / "inner" / "deep").mkdir(parents=True)
    for number, file in enumerate(sorted(resources.samples().glob("*.jpg"))):
        shutil.copy(file, root if number < 16 else root / "inner" / "deep")
    return root


@pytest.fixture
def window(launch, scored, faces):
    made = scored(launch(faces), SAMPLES)
    made.model.resort()
    return made


def type_filter(qtbot, window, text):
    box = window.central.bar.box
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box.clear()
    qtbot.keyClicks(box, text)
    return box


def enter(qtbot, window, text):
    box = type_filter(qtbot, window, text)
    box.completer_.popup().hide()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.model.query.text == text)


def rate(qtbot, window, key):
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.gallery, key)


def test_a_filter_shows_what_it_says(qtbot, window):
    middle = round(float(np.median(window.model.columns.score)), 2)
    enter(qtbot, window, f"score:<{middle} AND NOT name:face-0")
    assert 0 < len(window.model) < SAMPLES
    assert (window.model.shown("score") < middle).all()
    assert not any("face-0" in str(name) for name in window.model.shown("name"))
    window.side.histogram.set_range(0.1, 1.0)  # the brush narrows the text further
    assert (window.model.shown("percentile") >= 0.1).all()  # it draws what is shown: of a new library, percentiles
    assert (window.model.shown("score") < middle).all()
    assert window.central.focusWidget() is window.central.gallery
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_Escape)
    assert len(window.model) == SAMPLES
    assert window.central.bar.box.text() == ""


def test_completion_goes_on_from_field_to_value(qtbot, window):
    box = type_filter(qtbot, window, "fl")
    assert box.proposals()[0] == "flag:"
    popup = box.completer_.popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert box.text() == "flag:"
    assert "reject" in box.proposals()
    qtbot.keyClicks(box, "rej")
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert box.text().strip() == "flag:reject"
    qtbot.waitUntil(lambda: window.model.query.text == "flag:reject")
    assert len(window.model) == 0


def test_enter_runs_what_is_typed_while_proposals_are_shown(qtbot, window):
    box = type_filter(qtbot, window, "face-01")
    qtbot.keyClicks(box, " n")
    assert box.proposals()
    qtbot.keyClick(box.completer_.popup(), Qt.Key.Key_Return)
    assert box.text() == "face-01 n"
    qtbot.waitUntil(lambda: window.model.query.text == "face-01 n")


def test_an_error_points_at_the_character_and_what_is_shown_stays(qtbot, window):
    enter(qtbot, window, "score:>0.5")
    shown = len(window.model)
    type_filter(qtbot, window, "score:>0.5 mos:<abc")
    bar = window.central.bar
    qtbot.waitUntil(lambda: bar.error.isVisible())
    assert "abc" in bar.error.text()
    assert "character 1" in bar.error.text()
    assert len(window.model) == shown
    bar.box.setText("score:>0.5 mos:<0.3")
    qtbot.waitUntil(lambda: not bar.error.isVisible())


def test_esc_in_the_box_clears_it_and_then_goes_back_to_the_faces(qtbot, window):
    box = type_filter(qtbot, window, "face-01")
    box.completer_.popup().hide()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""
    qtbot.waitUntil(lambda: len(window.model) == SAMPLES)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert window.central.gallery.hasFocus()


def test_standing_views_count_and_show(qtbot, window):
    window.model.step(0)
    rate(qtbot, window, Qt.Key.Key_4)
    views = window.side.views
    qtbot.waitUntil(lambda: views.text_of("Rated by me").endswith(" 1"))
    qtbot.waitUntil(lambda: views.text_of("Unlabelled").endswith(" 23"))
    views.setCurrentRow(2)
    qtbot.waitUntil(lambda: len(window.model) == 1)
    assert float(window.model.shown("mos")[0]) == 0.75


@pytest.mark.parametrize("mine", ["is:mine", "rater:me"])
def test_what_is_mine_follows_the_rater(qtbot, window, mine):
    window.model.step(0)
    face = window.model.current
    rate(qtbot, window, Qt.Key.Key_4)
    window.browsing.ask(text=mine)
    qtbot.waitUntil(lambda: window.model.shown("id").tolist() == [face])
    window.desk.change_rater("Grace")
    qtbot.waitUntil(lambda: len(window.model) == 0)
    views = window.side.views
    qtbot.waitUntil(lambda: views.text_of("Rated by me").endswith(" 0"))
    window.desk.change_rater("Ada")
    qtbot.waitUntil(lambda: window.model.shown("id").tolist() == [face])
    qtbot.waitUntil(lambda: views.text_of("Rated by me").endswith(" 1"))


def test_a_view_is_saved_with_text_range_and_sort_renamed_and_removed(qtbot, window, launch, scored):
    enter(qtbot, window, "NOT name:face-0")
    window.side.histogram.set_range(0.2, 1.0)
    window.browsing.ask(sort="name", descending=False)
    expected = {int(i) for i in window.model.shown("id")}
    dialog = window.browsing.save_view()
    dialog.setTextValue("Good ones")
    with qtbot.waitSignal(window.desk.views_ready):
        dialog.accept()
    window.close()

    again = scored(launch(), SAMPLES)
    views = again.side.views
    row = next(r for r in range(views.count()) if "Good ones" in views.item(r).text())
    views.setCurrentRow(row)
    qtbot.waitUntil(lambda: {int(i) for i in again.model.shown("id")} == expected)
    assert (again.model.query.sort, again.model.query.descending) == ("name", False)
    with qtbot.waitSignal(again.desk.views_ready):
        views.rename_requested.emit("Good ones", "Better ones")
    assert any("Better ones" in views.item(r).text() for r in range(views.count()))
    views.choose("Better ones")
    with qtbot.waitSignal(again.desk.views_ready):
        qtbot.keyClick(views, Qt.Key.Key_Delete)
    assert views.count() == len(again.desk.standing_views())


def test_folders_are_a_tree_and_narrow_the_gallery(qtbot, window, faces):
    tree = window.side.folders
    qtbot.waitUntil(lambda: "deep" in {item.text(0) for item in tree._items()})  # twice a second at most
    items = {item.text(0): item for item in tree._items()}
    assert items["deep"].parent() is items["inner"]
    tree.setCurrentItem(items["inner"])
    assert len(window.model) == 8
    assert all(f"{os.sep}inner{os.sep}" in str(path) for path in window.model.shown("path"))
    tree.setCurrentItem(items["All folders"])
    assert len(window.model) == SAMPLES


def test_an_edited_face_stays_grey_until_the_refresh(qtbot, window):
    enter(qtbot, window, "is:unlabelled")
    window.model.step(0)
    face = window.model.current
    rate(qtbot, window, Qt.Key.Key_2)
    assert window.model.position(face) == 0
    assert face in window.model.left
    assert "no longer matches" in window.central.gallery.caption(face)[1]
    assert window.central.bar._chip.isVisible()
    window.actions_["resort"].trigger()
    assert window.model.position(face) == -1


def test_selection_and_place_survive_a_filter(qtbot, window):
    chosen = [window.model.id_at(p) for p in (4, 5, 6)]
    window.model.select(chosen)
    window.model.set_current(chosen[1], select=False)
    enter(qtbot, window, "name:nothing-like-this")
    assert len(window.model) == 0
    assert window.model.targets() == []
    window.browsing.clear()
    assert window.model.current == chosen[1]
    assert window.model.selection == set(chosen)
    enter(qtbot, window, "face")
    window.browsing.ask(sort="name")
    assert window.model.selection == set(chosen)
    gallery = window.central.gallery
    assert gallery.viewport().rect().intersects(gallery.tile_rect(window.model.position(chosen[1])))


def test_sorting_by_any_column_never_loses_a_face(window):
    for row in range(window.central.bar._sort.count()):
        key = window.central.bar._sort.itemData(row)
        for descending in (True, False):
            window.browsing.ask(sort=key, descending=descending)
            assert window.model.query.sort == key
            assert len(window.model) == SAMPLES


def test_quality_factors_are_measured_when_somebody_sorts_by_them(qtbot, window):
    window.browsing.ask(sort="sharpness", descending=False)
    qtbot.waitUntil(lambda: bool(np.isfinite(window.model.columns.sharpness).all()))
    window.actions_["resort"].trigger()
    values = window.model.shown("sharpness")
    assert (np.diff(values) >= 0).all()
    window.model.step(0)
    assert window.rating.image.text("sharpness")
