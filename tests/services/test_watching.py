"""Folder watching: what comes, goes and changes is noticed once, and reading is no change."""

from __future__ import annotations

import os
import shutil

import pytest

from app.services.images import watching
from app.services.images.watching import FolderWatcher, is_change
from tests import pictures


@pytest.fixture
def watcher(qtbot, faces):
    made = FolderWatcher(quiet_ms=150)
    made.watch({7: faces})
    qtbot.waitUntil(lambda: made.is_watching(7))
    yield made
    made.close()


def _change(qtbot, watcher, act):
    """Which folders were told of, each as often as it was, before it was quiet again."""
    told = []
    watcher.changed.connect(told.append)
    with qtbot.waitSignal(watcher.changed):
        act()
    qtbot.waitUntil(lambda: not watcher._waiting)
    watcher.changed.disconnect(told.append)
    return told


def test_new_deleted_and_renamed_files_are_noticed(qtbot, watcher, faces):
    assert set(_change(qtbot, watcher, lambda: pictures.folder(faces / "new", 3))) == {7}
    assert set(_change(qtbot, watcher, lambda: (faces / "face_000.jpg").unlink())) == {7}
    assert set(_change(qtbot, watcher, lambda: os.rename(faces / "face_001.jpg", faces / "x.jpg"))) == {7}
    assert set(_change(qtbot, watcher, lambda: shutil.rmtree(faces / "new"))) == {7}


def test_a_copy_of_many_files_is_not_a_change_for_each(qtbot, watcher, faces):
    def copy() -> None:
        for i in range(200):
            shutil.copyfile(faces / "face_000.jpg", faces / f"copy_{i}.jpg")

    assert len(_change(qtbot, watcher, copy)) < 20  # one, where the system tells of all without a pause


def test_reading_and_other_files_are_no_change(qtbot, watcher, faces, tmp_path):
    (tmp_path / "other").mkdir()
    watcher.watch({7: faces, 8: tmp_path / "other"})
    qtbot.waitUntil(lambda: watcher.is_watching(8))
    for file in faces.iterdir():
        file.read_bytes()
        os.utime(faces)  # as an access does
    (faces / "notes.txt").write_text("x")
    (faces / ".hidden.jpg").write_bytes(b"x")
    # What is told of a later change elsewhere comes after all that.
    later = _change(qtbot, watcher, lambda: shutil.copyfile(faces / "face_000.jpg", tmp_path / "other" / "y.jpg"))
    assert set(later) == {8}


@pytest.mark.parametrize(
    ("event", "counts"),
    [
        (("opened", False, "/f/a.jpg"), False),
        (("closed_no_write", False, "/f/a.jpg"), False),
        (("modified", True, "/f"), False),
        (("modified", False, "/f/a.jpg"), True),
        (("moved", False, "/f/a.part", "/f/a.JPG"), True),
        (("created", True, "/f/new"), True),
        (("created", True, "/f/.cache"), False),
        (("closed", False, "/f/manifest.csv"), True),
        (("deleted", False, "/f/notes.txt"), False),
    ],
)
def test_what_counts_as_a_change(event, counts):
    assert is_change(*event) is counts


def test_a_share_is_not_watched_and_it_is_said_once(qtbot, faces, monkeypatch):
    monkeypatch.setattr(watching, "network_share", lambda _path: "nfs4")
    made = FolderWatcher()
    said = []
    made.said.connect(said.append)
    with qtbot.waitSignal(made.said):
        made.watch({7: faces})
    made.watch({7: faces})
    assert not made.is_watching(7)
    assert len(said) == 1
    assert "network share (nfs4)" in said[0]
    made.close()


def test_a_folder_that_is_no_longer_of_the_library_is_let_alone(qtbot, watcher, tmp_path):
    (tmp_path / "other").mkdir()
    watcher.watch({8: tmp_path / "other"})
    qtbot.waitUntil(lambda: watcher.is_watching(8))
    assert not watcher.is_watching(7)
