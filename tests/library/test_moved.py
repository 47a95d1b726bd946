"""Moved and renamed files are found again by their content; copies stay images of their own."""

from __future__ import annotations

import hashlib
import os
import shutil

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
