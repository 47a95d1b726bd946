"""Looking, filtering, labelling, safety: one picture a scene, each in a window of its own on the samples."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.label_files.import_dialog import ImportDialog
from app.ui.main_window import MainWindow
from scripts.scenes.waiting import wait

Scene = Callable[[MainWindow], QWidget | None]


def _label(window: MainWindow, position: int, key: Qt.Key) -> None:
    """Rate one face by key, as a curator does."""
    done: list[object] = []
    slot = window.desk.rows_ready.connect(done.append)
    window.model.set_current(window.model.id_at(position))
    QTest.keyClick(window.central.gallery, key)
    wait(lambda: bool(done))
    window.desk.rows_ready.disconnect(slot)


def browse(window: MainWindow) -> None:
    """The gallery with some labels."""
    window.rating.advance.setChecked(False)
    for position, key in ((0, Qt.Key.Key_5), (2, Qt.Key.Key_4), (5, Qt.Key.Key_2), (9, Qt.Key.Key_3)):
        _label(window, position, key)
    window.model.set_current(window.model.id_at(2))


def loupe(window: MainWindow) -> None:
    """One face, large."""
    browse(window)
    window.actions_["loupe"].trigger()
    view = window.central.loupe
    wait(lambda: view.shown == window.model.current)


def import_labels(window: MainWindow) -> QWidget:
    """A table of labels whose scale is declared; one line names no image."""
    names = [f"face-{k:02}.jpg" for k in (*range(1, 13), 99)]
    table = Path(tempfile.gettempdir()) / "pictures" / "opinions.csv"
    lines = [f"{name},{1 + (7 * k) % 9 / 2}" for k, name in enumerate(names)]
    table.write_text("image,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
    dialog = ImportDialog(window.desk, table, window)
    wait(lambda: dialog.plan is not None)
    dialog.form.scale_box.setCurrentIndex(2)
    dialog.open()
    wait(lambda: dialog.plan is not None and dialog.plan.scale.high == 5.0)
    return dialog


def compare(window: MainWindow) -> None:
    """Two faces at 100 %."""
    browse(window)
    window.model.select([window.model.id_at(0), window.model.id_at(13)])
    window.actions_["compare"].trigger()
    view = window.central.compare
    wait(lambda: [p.shown for p in view.panes] == view.ids)
    view.panes[0].set_zoom(1.0)


def filtering(window: MainWindow) -> QWidget:
    """Completion below the filter box."""
    browse(window)
    box = window.central.bar.box
    box.setFocus()
    QTest.keyClicks(box, "score:<0.6 ")
    wait(lambda: window.model.query.text != "")
    QTest.keyClicks(box, "s")
    popup = box.completer_.popup()
    wait(popup.isVisible)
    return popup


def mistake(window: MainWindow) -> None:
    """A filter that is wrong at one place."""
    browse(window)
    box = window.central.bar.box
    QTest.keyClicks(box, "score:<0.6 mos:<abc")
    box.completer_.popup().hide()
    wait(window.central.bar.error.isVisible)


def nothing_found(window: MainWindow) -> None:
    """A filter that no face fulfils."""
    QTest.keyClicks(window.central.bar.box, "score:<0 ")
    window.central.bar.box.completer_.popup().hide()
    wait(window.emptiness.state.isVisible)


def first_start(window: MainWindow) -> None:
    """A library without a folder."""
    wait(window.emptiness.state.isVisible)


def history(window: MainWindow) -> None:
    """One face with a history of two raters, a reason and a note."""
    window.rating.advance.setChecked(False)
    window.actions_["mode_rate"].trigger()
    for rater, key in (("Ada", Qt.Key.Key_4), ("Grace", Qt.Key.Key_5)):
        window.desk.change_rater(rater)
        wait(lambda rater=rater: window.desk.rater.name == rater)
        _label(window, 1, key)
    face = [window.model.id_at(1)]
    window.desk.set_note(face, "Reference portrait: neutral light, sharp.")
    window.desk.flag([window.model.id_at(11)], "reject", "unusable")
    window.desk.label(face, 0.75)
    window.desk.undo()
    window.docks.make_room(window.history)
    wait(lambda: window.history.model.rowCount() == 5)


def blind(window: MainWindow) -> None:
    """Faces without scores and labels."""
    browse(window)
    window.actions_["blind"].trigger()
    wait(window.all_pictured)


def cheat_sheet(window: MainWindow) -> QWidget:
    """All keys."""
    return window.settings.open_cheat_sheet()


def keys(window: MainWindow) -> QWidget:
    """A key that is taken."""
    dialog = window.settings.open_preferences(keys=True)
    dialog.keys.choose("rate_5")
    dialog.keys.edit.setKeySequence(QKeySequence("X"))
    return dialog


def restore(window: MainWindow) -> QWidget:
    """The backups with what they hold."""
    window.desk.writer.flush()
    wait(lambda: bool(window.desk.backups()))
    browse(window)
    for old in window.desk.backups():
        old.path.unlink()
    window.desk.library.backup_if_due()
    _label(window, 7, Qt.Key.Key_4)
    window.desk.restore(window.desk.backups()[0].path)
    wait(lambda: len(window.desk.backups()) == 2 and int(np.isfinite(window.model.columns.mos).sum()) == 4)
    dialog = window.safety.open_restore()
    items = list(dialog._items.values())
    wait(lambda: all("…" not in item.text(2) for item in items))
    return dialog


def forget(window: MainWindow) -> QWidget:
    """What would go."""
    browse(window)
    dialog = window.safety.open_forget(person=True)
    assert dialog is not None
    wait(dialog.forget.isEnabled)
    return dialog
