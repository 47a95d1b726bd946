"""Scanning: what is found, what is not followed, what an unreadable folder costs, cancelling."""

from __future__ import annotations

import os
import threading

import pytest

from app.library import catalog
from app.library.columns import load
from app.services.images.scanning import Scanner
from app.services.images.walk import walk
from engine.image import list_images
from tests import pictures, waiting


@pytest.fixture
def scanner(library, writer):
    made = Scanner(library, writer)
    yield made
    made.cancel()


def _run(qtbot, scanner, folder_id):
    with qtbot.waitSignal(scanner.done) as done:
        scanner.scan(folder_id)
    return done.args[0]


def _columns(library):
    return load(library, model_id="", preprocessing_id="")


def test_the_walk_finds_what_the_engine_finds_and_no_loop(tmp_path, faces):
    pictures.folder(faces / "b" / "deep", 2)
    pictures.folder(faces / ".hidden", 1)
    (faces / "note.txt").write_text("x")
    (faces / "b" / "loop").symlink_to(faces)
    (faces / "dangling.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (faces / "folder.jpg").mkdir()
    (faces / "linked_folder.jpg").symlink_to(faces / "b")
    found = [e.rel_path for e in walk(faces) if e is not None]
    assert sorted(found) == sorted(p.relative_to(faces).as_posix() for p in list_images(faces))
    assert "dangling.jpg" in found


def test_a_scan_streams_batches_and_counts(qtbot, library, scanner, tmp_path):
    pictures.folder(tmp_path / "big", 1)
    first = tmp_path / "big" / "face_000.jpg"
    for i in range(1, 1500):
        os.link(first, tmp_path / "big" / f"face_{i:04d}.jpg")
    counts, ids = [], []
    scanner.found.connect(counts.append)
    scanner.batch.connect(lambda c: ids.extend(c.image_ids))
    summary = _run(qtbot, scanner, catalog.add_folder(library, tmp_path / "big"))
    assert (summary.found, summary.cancelled, summary.unreadable) == (1500, False, ())
    assert counts == sorted(counts)
    assert counts[-1] == 1500
    qtbot.waitUntil(lambda: len(ids) == 1500)
    columns = _columns(library)
    assert sorted(ids) == columns.id.tolist()
    assert columns.size.tolist() == [first.stat().st_size] * 1500


def test_what_has_gone_is_missing_and_what_changed_is_told(qtbot, library, scanner, faces):
    folder_id = catalog.add_folder(library, faces)
    _run(qtbot, scanner, folder_id)
    (faces / "face_001.jpg").unlink()
    pictures.save(pictures.face(77, (50, 50)), faces / "face_002.jpg")
    told = []
    scanner.batch.connect(told.append)
    summary = _run(qtbot, scanner, folder_id)
    columns = _columns(library)
    assert summary.found == 5
    assert columns.missing.tolist() == [False, True, False, False, False, False]
    qtbot.waitUntil(lambda: bool(told))
    assert [c.image_ids for c in told] == [(int(columns.id[2]),)]


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_an_unreadable_folder_is_reported_and_its_images_are_not_missing(qtbot, library, scanner, faces, monkeypatch):
    pictures.folder(faces / "closed", 2)
    folder_id = catalog.add_folder(library, faces)
    assert _run(qtbot, scanner, folder_id).found == 8
    real = os.scandir

    def deny(path):  # root may read everything, so permissions alone cannot show it
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    summary = _run(qtbot, scanner, folder_id)
    assert [(u.rel_path, u.reason) for u in summary.unreadable] == [("closed", "Permission denied")]
    assert summary.found == 6
    assert not _columns(library).missing.any()


def test_a_root_that_is_gone_fails_and_marks_nothing(qtbot, library, scanner, faces):
    folder_id = catalog.add_folder(library, faces)
    _run(qtbot, scanner, folder_id)
    faces.rename(faces.with_name("away"))
    with qtbot.waitSignal(scanner.failed) as failed:
        scanner.scan(folder_id)
    assert str(faces) in failed.args[0]
    assert not _columns(library).missing.any()


def test_cancel_keeps_what_was_found_and_answers_at_once(qtbot, library, scanner, writer, tmp_path):
    """However slow the drive: here nothing is written before the answer is there."""
    pictures.folder(tmp_path / "big", 1)
    first = tmp_path / "big" / "face_000.jpg"
    for i in range(1, 5000):
        os.link(first, tmp_path / "big" / f"face_{i:04d}.jpg")
    folder_id = catalog.add_folder(library, tmp_path / "big")
    gate, done = threading.Event(), []
    writer.submit(gate.wait, waiting.LONG_S)
    with qtbot.waitSignal(scanner.found):
        scanner.scan(folder_id)
    scanner.done.connect(done.append)
    scanner.cancel()
    assert [summary.cancelled for summary in done] == [True]
    assert not scanner.is_scanning()
    gate.set()
    assert writer.flush(waiting.LONG_S)
    assert 0 < len(_columns(library)) < 5000
    assert not _columns(library).missing.any()
    assert _run(qtbot, scanner, folder_id).found == 5000
    assert len(_columns(library)) == 5000


def test_scans_of_several_folders_wait_for_each_other(qtbot, library, scanner, tmp_path):
    ids = []
    for name in ("a", "b", "c"):
        pictures.folder(tmp_path / name, 2)
        ids.append(catalog.add_folder(library, tmp_path / name))
    done = []
    scanner.done.connect(lambda s: done.append(s.folder_id))
    for folder_id in ids:
        scanner.scan(folder_id)
    qtbot.waitUntil(lambda: done == ids)
    assert len(_columns(library)) == 6
