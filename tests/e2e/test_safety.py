"""Restore and Forget in the real window; the warning about network shares."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests import pictures, waiting


@pytest.fixture
def window(launch, scored, tmp_path):
    pictures.folder(tmp_path / "faces", 6)
    made = scored(launch(tmp_path / "faces"), 6)
    made.model.resort()
    made.model.step(0)
    made.rating.advance.setChecked(False)
    return made


def rate(qtbot, window, key):
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.gallery, key)


def labelled(window):
    return int(np.isfinite(window.model.columns.mos).sum())


def counts(dialog):
    item = dialog.table.currentItem()
    return [item.text(column) for column in (2, 3, 4)]


def test_restore_shows_what_each_backup_holds_and_can_itself_be_taken_back(qtbot, window):
    rate(qtbot, window, Qt.Key.Key_4)
    file = window.desk.library.backups()[0]
    file.unlink()
    window.desk.library.backup_if_due()
    window.model.step(1)
    rate(qtbot, window, Qt.Key.Key_2)
    assert labelled(window) == 2

    dialog = window.safety.open_restore()
    qtbot.waitUntil(lambda: counts(dialog) == ["6", "1", "1"])
    dialog.accept()
    qtbot.waitUntil(lambda: labelled(window) == 1)

    back = window.safety.open_restore()
    qtbot.waitUntil(lambda: counts(back) == ["6", "2", "2"])
    assert "before a restore" in back.table.currentItem().text(1)
    back.accept()
    qtbot.waitUntil(lambda: labelled(window) == 2)


def test_a_damaged_backup_cannot_be_chosen(qtbot, window):
    (window.desk.library.backups_dir / "library-20300101T000000Z.sqlite").write_bytes(b"no database at all")
    dialog = window.safety.open_restore()
    qtbot.waitUntil(lambda: "⚠" in dialog.table.currentItem().text(1))
    assert not dialog.restore.isEnabled()


def test_forget_counts_first_and_removes_for_good(qtbot, window):
    face = window.model.current
    rate(qtbot, window, Qt.Key.Key_4)
    dialog = window.safety.open_forget(person=False)
    assert not dialog.forget.isEnabled()
    qtbot.waitUntil(lambda: dialog.forget.isEnabled())
    assert "images: 1," in dialog.text.text()
    assert "cannot be undone" in dialog.warning.text()
    assert "undone" not in dialog.text.text()  # once is enough
    dialog.reject()
    window.desk.writer.flush()
    assert window.model.row(face) >= 0  # counting removes nothing

    again = window.safety.open_forget(person=False)
    qtbot.waitUntil(lambda: again.forget.isEnabled())
    with qtbot.waitSignal(window.desk.noticed):
        again.forget.click()
    qtbot.waitUntil(lambda: window.model.row(face) < 0)
    assert len(window.model) == 5
    assert window.model.current != face
    qtbot.waitUntil(lambda: window.actions_["undo"].text() == "Undo")  # nothing of it is left
    assert not window.actions_["undo"].isEnabled()


def test_forgetting_a_person_takes_all_of_their_images(qtbot, launch, scored, tmp_path):
    files = pictures.folder(tmp_path / "people", 4)
    rows = [f"{file.name},{'ann' if i < 3 else 'bob'}" for i, file in enumerate(files)]
    (tmp_path / "people" / "manifest.csv").write_text("path,group\n" + "\n".join(rows) + "\n", encoding="utf-8")
    window = scored(launch(tmp_path / "people"), 4)
    ann = next(i for i, g in zip(window.model.columns.id, window.model.columns.group, strict=True) if g == "ann")
    window.model.set_current(int(ann))
    dialog = window.safety.open_forget(person=True)
    qtbot.waitUntil(lambda: "3" in dialog.forget.text())
    dialog.forget.click()
    qtbot.waitUntil(lambda: len(window.model) == 1)


def test_a_library_on_a_network_share_is_told_at_the_opening(qtbot, window, monkeypatch):
    from app.library import backups

    monkeypatch.setattr(backups, "network_share", lambda _directory: "nfs4")  # no such drive in a test
    with qtbot.waitSignal(window.desk.failed) as told:
        window.safety.warn_of_place()
    assert "network share" in told.args[0]
    assert "network share" in window.central.toast.text
