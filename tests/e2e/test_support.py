"""Faults of the program in the real window, and what Help gives: diagnostics, About, the story of a dead process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import zipfile

import pytest
from PySide6.QtCore import Qt, QTimer, qWarning

import resources
from app.library import runs
from app.services.support import fault_log
from app.services.support.fault_log import FaultLog
from app.ui.help.diagnostics_dialog import DiagnosticsDialog
from engine import manifest as manifests
from engine import recipes
from engine.run import RunDirectory

SAMPLES = 24


@pytest.fixture
def faults():
    hooked = FaultLog()
    hooked.install()
    yield hooked
    hooked.close()


@pytest.fixture
def window(window_that_stays, faults):
    faults.caught.connect(window_that_stays.support.tell_fault, Qt.ConnectionType.QueuedConnection)
    return window_that_stays


def fail():
    raise RuntimeError("planted in face-01.jpg")


def crash_dialog(window):
    dialog = window.support._crash
    return dialog if dialog is not None and dialog.isVisible() else None


def plant(qtbot, window):
    """A real exception in a real slot; waits until it is told."""
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: crash_dialog(window) is not None, timeout=30_000)
    return crash_dialog(window)


def press(qtbot, window, key):
    with qtbot.waitSignals([window.desk.edited, window.desk.rows_ready], timeout=30_000):
        qtbot.keyClick(window.central.gallery, key)


def test_a_fault_is_told_and_labelling_goes_on(qtbot, window, faults):
    press(qtbot, window, Qt.Key.Key_2)
    dialog = plant(qtbot, window)
    assert "RuntimeError" in dialog.heading.text()
    assert str(window.desk.library.directory) in dialog.safe.text()
    assert "Your labels are safe" in dialog.safe.text()
    assert "planted in face-01.jpg" in dialog.report.toPlainText()
    assert "planted in face-01.jpg" in faults.file.read_text(encoding="utf-8")
    assert not dialog.isModal()
    dialog.reject()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=30_000)
    window.central.gallery.setFocus()
    press(qtbot, window, Qt.Key.Key_4)
    assert window.model.columns.mos[window.model.row(window.model.current)] == 0.75


def test_a_fault_on_another_thread_joins_the_open_dialog(qtbot, window):
    dialog = plant(qtbot, window)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "2 faults" in dialog.more.text(), timeout=30_000)


def test_the_same_fault_again_does_not_stand_in_the_way(qtbot, window):
    plant(qtbot, window).reject()
    with qtbot.waitSignal(window.desk.failed, timeout=30_000) as told:
        QTimer.singleShot(0, fail)
    assert "RuntimeError" in told.args[0]
    assert crash_dialog(window) is None


def test_a_writer_that_is_gone_is_not_called_safe(window):
    assert window.desk.writer.close(30)
    assert "new ones cannot be saved" in window.support.what_is_safe()


def test_what_qt_and_libraries_complain_of_is_in_the_log_and_not_for_ever(faults):
    for _ in range(50):
        qWarning("planted complaint")
    logging.getLogger("some.library").warning("planted warning")
    lines = faults.file.read_text(encoding="utf-8").splitlines()
    assert sum("planted complaint" in line for line in lines) == 20
    assert any("some.library planted warning" in line for line in lines)


DIE = """
import faulthandler
from app.services.support.fault_log import FaultLog
log = FaultLog(); log.install()
faulthandler._sigsegv()
"""


def test_a_process_that_died_is_told_of_once(window):
    assert subprocess.run([sys.executable, "-c", DIE], check=False).returncode != 0
    died = fault_log.last_words()
    assert "Fatal Python error" in died[0].read_text(encoding="utf-8")
    assert fault_log.last_words() == []
    window.support.tell_of_death(died)
    assert "last time" in crash_dialog(window).heading.text()
    assert "Segmentation fault" in crash_dialog(window).report.toPlainText()


@pytest.fixture
def with_a_run(window):
    """A run of the samples that failed on one of them."""
    library = window.desk.library
    rows = manifests.read(resources.samples() / "manifest.csv")
    run = RunDirectory.create(library.runs_dir / "one", recipe=recipes.RECIPES["tiny"], manifest=rows)
    run.emit("error", message=f"Cannot read {rows.rows[0].path}.", remedy="Ask Ada.")
    run.set_status("failed", f"{rows.rows[1].path.name} is broken.")
    runs.add_run(library, run.path, "tiny")
    return window


def saved(qtbot, window, file, **options):
    with qtbot.waitSignal(window.desk.noticed, timeout=60_000):
        window.support.save_diagnostics(file, **options)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_diagnostics_tell_the_machine_and_no_names(qtbot, with_a_run, tmp_path):
    window = with_a_run
    plant(qtbot, window).reject()
    found = saved(qtbot, window, tmp_path / "diagnostics.zip")
    everything = "\n".join(found.values())
    for name in ("face-0", "Ada", str(resources.samples()), str(window.desk.library.directory)):
        assert name not in everything, name
    assert json.loads(found["program.json"])["parts"]["numpy"]
    assert json.loads(found["machine.json"])["memory_mb"]["total"] > 0
    assert json.loads(found["library.json"])["counts"]["images"] == SAMPLES
    assert "RuntimeError: planted in <file-" in found["log/window.log"]
    assert "<program>/resources" in found["doctor.txt"]
    state = json.loads(found["runs/1/state.json"])
    assert state["status"] == "failed"
    assert state["message"].startswith("<file-")
    token = state["message"].split()[0]
    assert found["runs/1/events.jsonl"].count("<file-") == 1
    again = saved(qtbot, window, tmp_path / "again.zip")
    assert token in again["runs/1/state.json"]  # the same name, the same token


def test_diagnostics_with_names_when_ticked(qtbot, with_a_run, tmp_path):
    found = saved(qtbot, with_a_run, tmp_path / "named.zip", with_names=True)
    assert "face-0" in found["runs/1/state.json"]
    assert "Names of files, folders and people ARE in here" in found["README.txt"]


def test_diagnostics_that_cannot_be_written_say_so(qtbot, window, tmp_path):
    with qtbot.waitSignal(window.desk.failed, timeout=60_000) as told:
        window.support.save_diagnostics(tmp_path / "nowhere" / "d.zip")
    assert "cannot be written" in told.args[0]


def test_the_menu_asks_for_names_first(qtbot, window):
    window.actions_["diagnostics"].trigger()
    (dialog,) = window.findChildren(DiagnosticsDialog)
    assert dialog.isVisible()
    assert not dialog.names.isChecked()
    dialog.reject()


def test_about_names_what_is_inside(qtbot, window):
    dialog = window.support.open_about()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 10, timeout=60_000)
    names = [dialog.list.topLevelItem(k).text(0) for k in range(dialog.list.topLevelItemCount())]
    assert names[0] == "FIQA Desktop"
    assert {"PySide6_Essentials", "onnxruntime", "numpy"} <= set(names)
    assert "pytest" not in names
    dialog.list.setCurrentItem(dialog.list.topLevelItem(names.index("PySide6_Essentials")))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in dialog.text.toPlainText()
