"""Two faces side by side: a key rates the framed one only, the champion stays, both zoom together or alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

import resources
from tests import waiting

SAMPLES = 24


@pytest.fixture
def window(qtbot, launch, scored):
    made = scored(launch(resources.samples()), SAMPLES)
    made.model.resort()
    made.model.step(0)
    qtbot.keyClick(made.central.gallery, Qt.Key.Key_C)
    assert made.central.mode == "compare"
    both_there(qtbot, made)
    return made


def both_there(qtbot, window):
    compare = window.central.compare
    qtbot.waitUntil(lambda: [p.shown for p in compare.panes] == compare.ids)


def rated(window):
    return {int(i) for i in window.model.columns.id[~np.isnan(window.model.columns.mos)]}


def rate(qtbot, window, key):
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.compare, key)


def test_a_key_rates_the_framed_face_only(qtbot, window):
    left, right = window.central.compare.ids
    assert left != right
    rate(qtbot, window, Qt.Key.Key_4)
    assert rated(window) == {left}
    qtbot.keyClick(window.central.compare, Qt.Key.Key_Tab)
    assert window.central.compare.framed_id == right
    rate(qtbot, window, Qt.Key.Key_2)
    assert rated(window) == {left, right}
    assert window.central.compare.ids == [left, right]  # rating moves nothing
    assert "MOS" in window.central.compare.panes[1].text


def test_a_click_moves_the_frame_and_the_panel_follows(qtbot, window):
    compare = window.central.compare
    qtbot.mouseClick(compare.panes[1], Qt.MouseButton.LeftButton)
    assert compare.panes[1].framed
    assert not compare.panes[0].framed
    assert window.model.current == compare.ids[1]
    assert window.model.selection == {compare.ids[1]}


def test_the_champion_stays_and_the_next_face_comes_beside_it(qtbot, window):
    compare, model = window.central.compare, window.model
    champion = compare.framed_id
    seen = [compare.other_id]
    for _ in range(3):
        qtbot.keyClick(compare, Qt.Key.Key_Right)
        both_there(qtbot, window)
        seen.append(compare.other_id)
    assert compare.framed_id == champion
    assert seen == [model.id_at(p) for p in (1, 2, 3, 4)]
    qtbot.keyClick(compare, Qt.Key.Key_Tab)  # the challenger is better: it becomes the champion
    qtbot.keyClick(compare, Qt.Key.Key_Right)
    assert compare.ids == [model.id_at(1), model.id_at(4)]
    qtbot.keyClick(compare, Qt.Key.Key_Left)
    assert compare.ids == [champion, model.id_at(4)]


def test_only_the_selected_faces_are_compared_when_there_are_several(qtbot, window):
    qtbot.keyClick(window.central.compare, Qt.Key.Key_Escape)
    chosen = [window.model.id_at(p) for p in (2, 9, 17)]
    window.model.select(chosen)
    window.actions_["compare"].trigger()
    assert window.central.compare.ids == chosen[:2]
    qtbot.keyClick(window.central.compare, Qt.Key.Key_Right)
    assert window.central.compare.ids == [chosen[0], chosen[2]]
    qtbot.keyClick(window.central.compare, Qt.Key.Key_Right)
    assert window.central.compare.ids == [chosen[0], chosen[2]]  # there are no more


def test_zoom_is_linked_until_it_is_unlinked(qtbot, window):
    left, right = window.central.compare.panes
    qtbot.mouseClick(right, Qt.MouseButton.MiddleButton, pos=right.room().center())
    assert (left.zoom, right.zoom) == (1.0, 1.0)
    assert left.place == right.place
    qtbot.keyClick(window.central.compare, Qt.Key.Key_L)
    left.set_zoom(3.0, QPointF(0.2, 0.3))
    assert right.zoom == 1.0
    qtbot.keyClick(window.central.compare, Qt.Key.Key_L)  # linked again: both look where the framed one does
    assert right.place == left.place


def test_arrangements(qtbot, window):
    compare = window.central.compare
    left, right = compare.panes
    assert left.geometry().right() < right.geometry().left()
    qtbot.keyClick(compare, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: left.geometry().bottom() < right.geometry().top())
    qtbot.keyClick(compare, Qt.Key.Key_O)
    assert not right.isVisible()
    qtbot.keyClick(compare, Qt.Key.Key_Tab)  # flips between the two
    assert right.isVisible()
    assert not left.isVisible()
    qtbot.keyClick(compare, Qt.Key.Key_H)
    assert left.isVisible()
    assert right.isVisible()


def test_an_undo_brings_its_face_beside_the_champion(qtbot, window):
    compare = window.central.compare
    first = compare.framed_id
    rate(qtbot, window, Qt.Key.Key_4)
    qtbot.keyClick(compare, Qt.Key.Key_Tab)
    for _ in range(2):
        qtbot.keyClick(compare, Qt.Key.Key_Right)
    champion = compare.framed_id
    assert first not in compare.ids
    with waiting.edit(qtbot, window.desk):
        window.actions_["undo"].trigger()
    assert compare.framed_id == first == window.model.current
    assert compare.other_id == champion


def test_keys_of_compare_do_nothing_in_the_grid(qtbot, window):
    qtbot.keyClick(window.central.compare, Qt.Key.Key_G)
    assert window.central.mode == "grid"
    assert not any(window.actions_[f"compare_{n}"].isEnabled() for n in ("side", "stack", "single", "link"))


def test_full_screen_shows_faces_only_and_esc_brings_the_window_back(qtbot, window):
    docks = window.docks._all()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not any(part.isVisible() for part in (*docks, window.menuBar(), window.central.bar, window.status))
    rate(qtbot, window, Qt.Key.Key_5)  # the keys act as before
    assert rated(window) == {window.central.compare.framed_id}
    qtbot.keyClick(window.central.compare, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.central.mode == "compare"
    assert all(part.isVisible() for part in (*docks, window.menuBar(), window.central.bar, window.status))
