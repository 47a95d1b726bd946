"""Moved and renamed files are found again by their content; copies stay images of their own."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from app.library import catalog, edits, moved, snapshot
from app.library.catalog import ScanEntry, ScoredImage
from tests import pictures


def scan(desk, root):
    """What the window's scan does, without its threads."""
    entries = [ScanEntry(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in sorted(root.iterdir())]
    folder_id = catalog.add_folder(desk.library, root)
    catalog.record_scan(desk.library, folder_id, entries)
    catalog.finish_scan(desk.library, folder_id, [e.rel_path for e in entries])


def read(desk, *ids: int):
    results = []
    for image_id, path in catalog.paths(desk.library, ids).items():
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        results.append(ScoredImage(image_id, sha256, 96, 96, 0.5, None))
    return catalog.record_scores(desk.library, "m", "p", results)


def there(desk) -> dict[str, int]:
    rows = desk.columns()
    return {rows.name[i]: int(rows.id[i]) for i in range(len(rows)) if not rows.missing[i]}


def labelled(desk, tmp_path):
    """A folder with two faces that were read, the first with a label."""
    files = pictures.folder(tmp_path / "faces", 2)
    scan(desk, tmp_path / "faces")
    ids = [there(desk)[f.name] for f in files]
    read(desk, *ids)
    edits.correct(desk.library, ids[:1], 0.25, **desk.who)
    edits.note(desk.library, ids[:1], "keep", **desk.who)
    return files, ids


def test_a_renamed_file_keeps_its_id_labels_and_score(desk, tmp_path):
    files, ids = labelled(desk, tmp_path)
    os.rename(files[0], files[0].with_name("renamed.jpg"))
    scan(desk, tmp_path / "faces")
    suspect = moved.suspects(desk.library)
    assert [(s.lost, s.path.name) for s in suspect] == [(ids[0], "renamed.jpg")]
    assert suspect[0].sha256 == hashlib.sha256(suspect[0].path.read_bytes()).hexdigest()
    change = moved.adopt(desk.library, [(suspect[0].lost, suspect[0].found)])
    assert change.everything
    assert there(desk)["renamed.jpg"] == ids[0]
    row = desk.columns().rows_of([ids[0]])[0]
    assert (desk.columns().mos[row], desk.columns().score[row]) == (0.25, 0.5)
    assert edits.undo_text(desk.library, desk.rater_id) == "note on 1 image"
    assert not moved.adopt(desk.library, [(suspect[0].lost, suspect[0].found)])


def test_a_file_moved_to_another_folder_with_a_new_time_is_found_when_it_is_read(desk, tmp_path):
    files, ids = labelled(desk, tmp_path)
    (tmp_path / "other").mkdir()
    shutil.copyfile(files[0], tmp_path / "other" / "elsewhere.jpg")
    files[0].unlink()  # its own folder is not scanned again: the disk is asked
    scan(desk, tmp_path / "other")
    change = read(desk, there(desk)["elsewhere.jpg"])
    assert change.everything
    assert there(desk)["elsewhere.jpg"] == ids[0]
    assert catalog.paths(desk.library, ids[:1])[ids[0]] == tmp_path / "other" / "elsewhere.jpg"


def test_copies_stay_two_images_of_one_group(desk, tmp_path):
    files, ids = labelled(desk, tmp_path)
    shutil.copy2(files[0], files[0].with_name("copy.jpg"))
    scan(desk, tmp_path / "faces")
    assert moved.suspects(desk.library) == []
    copy = there(desk)["copy.jpg"]
    assert not read(desk, copy).everything
    assert there(desk).keys() >= {"copy.jpg", files[0].name}
    edits.correct(desk.library, [copy], 0.5, **desk.who)
    clusters = {row.extra["image_id"]: row.group for row in snapshot.take(desk.library).rows}
    assert clusters[str(copy)] == clusters[str(ids[0])]
    files[0].unlink()
    scan(desk, tmp_path / "faces")  # the copy was known while the first was there: it does not become it
    read(desk, copy)
    assert there(desk)["copy.jpg"] == copy


def test_what_somebody_has_labelled_already_stays_itself(desk, tmp_path):
    files, _ = labelled(desk, tmp_path)
    os.rename(files[0], files[0].with_name("renamed.jpg"))
    scan(desk, tmp_path / "faces")
    new = there(desk)["renamed.jpg"]
    edits.correct(desk.library, [new], 0.75, **desk.who)
    assert moved.suspects(desk.library) == []
    assert not read(desk, new).everything
    assert there(desk)["renamed.jpg"] == new


def _unread(desk) -> list[int]:
    """Images on the shelf whose bytes are to be read."""
    ids = [int(i) for i in catalog.unscored(desk.library, "m", "p")]
    return [i for i in ids if all(path.exists() for path in catalog.paths(desk.library, [i]).values())]


def _contents(desk, root, at_once=False, order=1) -> dict[str, float]:
    """Name -> MOS of what is there, after a scan and after every file that changed was read, alone or in one batch."""
    scan(desk, root)
    while wanted := _unread(desk)[::order]:
        read(desk, *(wanted if at_once else wanted[:1]))
    rows = desk.columns()
    inside = [i for i in range(len(rows)) if not rows.missing[i] and (root / rows.name[i]).exists()]
    return {rows.name[i]: round(float(rows.mos[i]), 6) for i in inside}


@pytest.fixture
def shelf(desk, tmp_path):
    """Four labelled faces, 0.jpg to 3.jpg, of 0.0, 0.1, 0.2, 0.3."""
    root = tmp_path / "shelf"
    for k in range(4):
        root.mkdir(exist_ok=True)
        (root / f"{k}.jpg").write_bytes(b"face" * (k + 1))  # told apart by their size
    _contents(desk, root)
    for k in range(4):
        edits.correct(desk.library, [there(desk)[f"{k}.jpg"]], k / 10, **desk.who)
    return root


def test_labels_follow_files_that_were_renamed_onto_each_other(desk, shelf):
    for k in (3, 2, 1, 0):
        (shelf / f"{k}.jpg").rename(shelf / f"{k + 1}.jpg")
    found = _contents(desk, shelf)
    assert {name: mos for name, mos in found.items() if name in {"1.jpg", "2.jpg", "3.jpg", "4.jpg"}} == {
        "1.jpg": 0.0, "2.jpg": 0.1, "3.jpg": 0.2, "4.jpg": 0.3,
    }  # fmt: skip
    assert "0.jpg" not in found


def test_labels_follow_two_files_that_took_each_other_s_name(desk, shelf):
    (shelf / "0.jpg").rename(shelf / "x")
    (shelf / "1.jpg").rename(shelf / "0.jpg")
    (shelf / "x").rename(shelf / "1.jpg")
    found = _contents(desk, shelf)
    assert (found["0.jpg"], found["1.jpg"], found["2.jpg"]) == (0.1, 0.0, 0.2)


def test_a_name_that_was_freed_and_taken_brings_its_own_label(desk, shelf):
    (shelf / "0.jpg").unlink()
    (shelf / "1.jpg").rename(shelf / "0.jpg")
    found = _contents(desk, shelf)
    assert found["0.jpg"] == 0.1
    assert "1.jpg" not in found


def test_a_copy_laid_over_a_file_takes_no_label_away(desk, shelf):
    shutil.copyfile(shelf / "1.jpg", shelf / "0.jpg")
    os.utime(shelf / "0.jpg", ns=(1, 1))
    found = _contents(desk, shelf)
    assert (found["0.jpg"], found["1.jpg"]) == (0.0, 0.1)


def test_what_was_labelled_again_after_the_change_stays(desk, shelf):
    (shelf / "0.jpg").unlink()
    (shelf / "1.jpg").rename(shelf / "0.jpg")
    scan(desk, shelf)
    edits.correct(desk.library, [there(desk)["0.jpg"]], 0.9, **desk.who)
    assert _contents(desk, shelf)["0.jpg"] == 0.9


def test_what_was_read_where_an_image_stood_before_is_dropped(desk, shelf):
    known = there(desk)["0.jpg"]
    stale = ScoredImage(known, "f" * 64, 1, 1, 0.1, None, path=shelf / "elsewhere.jpg")
    missed = ScoredImage(known, None, None, None, None, "gone", missing=True, path=shelf / "elsewhere.jpg")
    catalog.record_scores(desk.library, "m", "p", [stale, missed])
    assert there(desk)["0.jpg"] == known
    assert catalog.known_contents(desk.library, ["f" * 64]) == set()


def test_a_score_from_the_cache_changes_nothing_but_the_score(desk, shelf):
    known = there(desk)["0.jpg"]
    (was,) = [r for r in catalog.unscored_contents(desk.library, "other", "p") if r.image_id == known]
    (shelf / "0.jpg").write_bytes(b"another")
    scan(desk, shelf)
    catalog.record_scores(desk.library, "other", "p", [replace(was, score=0.4)])
    assert known in catalog.unscored(desk.library, "other", "p").tolist(), "the new bytes are still to be read"


@pytest.mark.parametrize(("at_once", "order"), [(False, 1), (False, -1), (True, 1), (True, -1)])
def test_labels_follow_every_renaming_of_four_files(desk, shelf, at_once, order):
    """All 24, one after the other on what the one before left."""
    faces = {f"{k}.jpg": k / 10 for k in range(4)}  # what lies there, told by its label
    for new_names in itertools.permutations(list(faces)):
        for old in faces:
            (shelf / old).rename(shelf / f"{old}.moving")
        for old, new in zip(faces, new_names, strict=True):
            (shelf / f"{old}.moving").rename(shelf / new)
        faces = {new: faces[old] for old, new in zip(list(faces), new_names, strict=True)}
        assert _contents(desk, shelf, at_once, order) == faces


@pytest.mark.parametrize("at_once", [False, True])
def test_a_face_that_comes_back_has_its_own_label(desk, shelf, at_once):
    gone = shelf.parent / "gone.jpg"
    (shelf / "0.jpg").rename(gone)
    for k in (1, 2, 3):
        (shelf / f"{k}.jpg").rename(shelf / f"{k - 1}.jpg")
    assert _contents(desk, shelf, at_once) == {"0.jpg": 0.1, "1.jpg": 0.2, "2.jpg": 0.3}
    for k in (2, 1, 0):
        (shelf / f"{k}.jpg").rename(shelf / f"{k + 1}.jpg")
    gone.rename(shelf / "0.jpg")
    assert _contents(desk, shelf, at_once) == {"0.jpg": 0.0, "1.jpg": 0.1, "2.jpg": 0.2, "3.jpg": 0.3}


def test_a_copy_that_is_read_first_takes_no_label(desk, shelf):
    shutil.copyfile(shelf / "1.jpg", shelf / "0copy.jpg")
    _contents(desk, shelf)
    for file in shelf.iterdir():
        os.utime(file, ns=(1, 1))  # a sync: all times are others
    found = _contents(desk, shelf)
    assert {name: found[name] for name in ("1.jpg", "0.jpg", "2.jpg")} == {"1.jpg": 0.1, "0.jpg": 0.0, "2.jpg": 0.2}
    assert np.isnan(found["0copy.jpg"])


def test_what_is_read_before_the_scan_has_told_all(desk, shelf):
    """Scans come in portions, and scoring begins with the first."""
    (shelf / "0.jpg").unlink()
    for k in (1, 2, 3):
        (shelf / f"{k}.jpg").rename(shelf / f"{k - 1}.jpg")
    folder_id = catalog.add_folder(desk.library, shelf)
    first = [ScanEntry(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in (shelf / "0.jpg", shelf / "1.jpg")]
    catalog.record_scan(desk.library, folder_id, first)
    read(desk, *_unread(desk))
    assert _contents(desk, shelf) == {"0.jpg": 0.1, "1.jpg": 0.2, "2.jpg": 0.3}


def test_a_label_stays_with_a_file_that_is_edited_beside_its_original(desk, shelf):
    original = (shelf / "1.jpg").read_bytes()
    (shelf / "1.jpg").write_bytes(b"edited")
    assert _contents(desk, shelf)["1.jpg"] == 0.1
    (shelf / "original.jpg").write_bytes(original)
    found = _contents(desk, shelf)
    assert found["1.jpg"] == 0.1
    assert np.isnan(found["original.jpg"])


def test_an_unplugged_drive_gives_no_label_away(desk, shelf, tmp_path):
    (tmp_path / "here").mkdir()
    shutil.copyfile(shelf / "1.jpg", tmp_path / "here" / "copy.jpg")
    shelf.rename(tmp_path / "unplugged")
    found = _contents(desk, tmp_path / "here")
    assert np.isnan(found["copy.jpg"])
    (tmp_path / "unplugged").rename(shelf)
    assert _contents(desk, shelf)["1.jpg"] == 0.1
