"""Keys: remapped with a conflict check, reset, remembered; the cheat sheet and the hints follow. Recent libraries."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

import resources
from app.ui.actions import SPECS
from app.ui.setup.keymap import Keymap
from tests import pictures, waiting

SAMPLES = 24


@pytest.fixture
def window(launch, scored):
    made = scored(launch(resources.samples()), SAMPLES)
    made.model.resort()
    made.model.step(0)
    return made


def rated(window):
    return {int(i) for i in window.model.columns.id[~np.isnan(window.model.columns.mos)]}


def remap(dialog, name, key):
    dialog.keys.choose(name)
    dialog.keys.edit.setKeySequence(QKeySequence(key))
    dialog.keys.set.click()


def test_a_new_key_acts_at_once_and_after_a_restart_and_the_old_one_no_longer(qtbot, window, launch, scored):
    dialog = window.settings.open_preferences(keys=True)
    remap(dialog, "rate_5", "Q")
    dialog.reject()
    face = window.model.current
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.gallery, Qt.Key.Key_Q)
    assert rated(window) == {face}
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_5)
    window.desk.writer.flush()
    assert rated(window) == {face}
    window.close()
    again = scored(launch(), SAMPLES)
    assert again.actions_.hint("rate_5") == "Q"


def test_a_key_that_means_something_is_told_and_taken_over_only_on_purpose(window):
    dialog = window.settings.open_preferences(keys=True)
    page = dialog.keys
    page.choose("rate_5")
    page.edit.setKeySequence(QKeySequence("X"))
    assert "Reject" in page.conflict.text()
    assert page.set.text() == "Take over"
    assert window.actions_.hint("reject") == "X"
    page.set.click()
    assert window.actions_.hint("rate_5") == "X"
    assert window.actions_.hint("reject") == ""
    page.reset.click()
    assert window.actions_.hint("rate_5") == "5"
    page.reset_all.click()
    assert window.actions_.hint("reject") == "X"


def test_keys_that_move_between_images_cannot_be_taken(window):
    page = window.settings.open_preferences(keys=True).keys
    page.choose("rate_1")
    page.edit.setKeySequence(QKeySequence("Right"))
    assert not page.set.isEnabled()
    assert "moves between images" in page.conflict.text()


def test_whatever_is_given_no_key_ever_means_two_things():
    keymap = Keymap()
    rng = np.random.default_rng(0)
    pool = [key for spec in SPECS for key in spec.keys] + ["Q", "W", "Ctrl+Alt+K"]
    for _ in range(300):
        name = SPECS[rng.integers(len(SPECS))].name
        if rng.random() < 0.2:
            keymap.reset(name)
        else:
            keymap.give(name, (pool[rng.integers(len(pool))],))
        every = [QKeySequence(k).toString() for spec in SPECS for k in keymap.keys(spec.name)]
        assert len(every) == len(set(every))
    keymap.reset_all()
    assert all(keymap.keys(spec.name) == spec.keys for spec in SPECS)


def test_the_cheat_sheet_and_the_tips_tell_the_keys_in_force(window):
    remap(window.settings.open_preferences(keys=True), "loupe", "Q")
    sheet = window.settings.open_cheat_sheet()
    said = [label.text() for label in sheet.findChildren(QLabel)]
    assert said[said.index("Loupe") - 1] == "Q"
    assert said[said.index("The face before, the next face") - 1] == "Left, Right"
    assert any("(Q)" in button.toolTip() for button in window.central.bar._modes.values())


def test_every_action_is_in_a_menu(window):
    in_menus = {action.objectName() for menu in window.menus.values() for action in menu.actions()}
    assert {spec.name for spec in SPECS} <= in_menus


def test_recent_libraries_open_and_those_that_are_gone_are_grey(qtbot, qapp, tmp_path):
    from app.ui.application import Program, arguments

    pictures.folder(tmp_path / "faces", 2)
    program = Program(qapp, arguments(["--rater", "Ada"]))

    def shows(name):
        return program.window is not None and program.window.desk.library.directory.name == name

    for name in ("one", "two", "three"):
        program.open(tmp_path / name)
        qtbot.waitUntil(lambda name=name: shows(name))
    (tmp_path / "one" / "library.toml").unlink()
    menu = program.window.settings.recent
    menu.fill()
    entries = [(a.text(), a.isEnabled()) for a in menu.actions()[:2]]
    assert entries == [(str(tmp_path / "two"), True), (f"{tmp_path / 'one'}  (not there)", False)]
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: shows("two"))
    program.window.close()
