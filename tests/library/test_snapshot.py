"""What a training gets: which images, in which split, and what is lacking."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library import catalog, edits, snapshot
from app.library.catalog import ScanEntry, ScoredImage
from app.library.splitting import assign_splits, join_groups
from engine import manifest
from engine.errors import UserError
from engine.groups import SPLITS, split_of
from tests.library.conftest import Desk, open_desk


@pytest.fixture
def many(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", [f"sub/face_{i:03d}.jpg" for i in range(200)])
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    yield desk
    desk.library.close()


def groups_of(taken: manifest.Manifest) -> dict[str, set[str]]:
    out = defaultdict(set)
    for row in taken.rows:
        out[row.group].add(row.split)
    return out


def test_a_snapshot_holds_the_effective_mos_and_where_it_came_from(desk):
    edits.correct(desk.library, desk.ids[:1], 0.1 + 0.2, **desk.who, why="soft")
    (row,) = snapshot.take(desk.library).rows
    assert (row.mos, row.provenance, row.group, row.source) == (0.1 + 0.2, "human", "face_0", "labeled")
    assert row.extra == {"image_id": str(desk.ids[0]), "person": "0"}
    assert not row.person_is_known
    assert row.path == Path(desk.columns().path[0])
    assert row.split in SPLITS


def test_it_says_what_is_left_out_and_why(many):
    edits.clear(many.library, many.ids[:3], **many.who)
    edits.flag(many.library, many.ids[3:5], "reject", **many.who)
    edits.flag(many.library, many.ids[5:6], "pick", **many.who)
    catalog.mark_missing(many.library, many.ids[6:7])
    failed = ScoredImage(many.ids[7], None, None, None, None, "Truncated.")
    catalog.record_scores(many.library, "m", "p", [failed])
    summary = snapshot.summarise(many.library)
    assert summary.excluded == {"no label": 3, "flagged": 2, "missing": 1, "problem": 1}
    assert summary.labelled == 193 == sum(summary.by_split.values()) == len(snapshot.take(many.library))
    assert summary.groups == 193 == sum(summary.groups_by_split.values())
    assert summary.provenance == {"human": 193}
    assert "Left out: 2 flagged, 1 missing, 3 no label, 1 problem." in summary.text
    assert "People unknown for 193 images" in summary.text


def test_splits_follow_the_salted_hash_and_stay_as_images_arrive(many):
    first = {r.extra["image_id"]: r.split for r in snapshot.take(many.library).rows}
    assert snapshot.summarise(many.library).cut == "hash"
    taken = snapshot.take(many.library).rows
    assert all(r.split == split_of(r.group, salt=many.library.salt) for r in taken)
    edits.correct(many.library, many.add(*(f"more_{i}.jpg" for i in range(50))), 0.25, **many.who)
    later = {r.extra["image_id"]: r.split for r in snapshot.take(many.library).rows}
    assert first.items() <= later.items()


def test_people_come_from_a_manifest_above_the_images(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "set" / "faces", [f"{i}.jpg" for i in range(12)])
    lines = "".join(f"faces/{i}.jpg,person-{i % 4}\n" for i in range(12))
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "manifest.csv").write_text("path,group\n" + lines, encoding="utf-8")
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    summary = snapshot.summarise(desk.library)
    assert (summary.groups, summary.people_known) == (4, 12)
    assert all(len(splits) == 1 for splits in groups_of(snapshot.take(desk.library)).values())
    seen = [f"{i}.jpg" for i in range(12)]
    catalog.finish_scan(desk.library, desk.folder_id, seen)
    assert desk.columns().group[5] == "person-1"
    edits.assign(desk.library, desk.ids[:1], "group", "somebody else", **desk.who)
    assert snapshot.summarise(desk.library).groups == 5
    (tmp_path / "set" / "manifest.csv").write_text("path,group\nfaces/1.jpg,only\n", encoding="utf-8")
    assert "only" in groups_of(snapshot.take(desk.library)), "a manifest that changes is read again"
    desk.library.close()


def test_an_image_that_comes_while_the_manifest_is_read_gets_its_group_too(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", ["0.jpg", "1.jpg"])
    (tmp_path / "faces").mkdir()
    lines = "".join(f"{i}.jpg,person-{i}\n" for i in range(3))
    (tmp_path / "faces" / "manifest.csv").write_text("path,group\n" + lines, encoding="utf-8")
    halfway = catalog.compare_scan(desk.library, desk.folder_id, ["0.jpg", "1.jpg"])
    catalog.record_scan(desk.library, desk.folder_id, [ScanEntry("2.jpg", 1, 1)])
    catalog.settle_scan(desk.library, halfway)
    assert desk.columns().group.tolist() == ["person-0", "person-1", ""]
    snapshot.summarise(desk.library)
    assert desk.columns().group.tolist() == ["person-0", "person-1", "person-2"]
    desk.library.close()


def test_a_file_called_manifest_that_is_none_is_passed_over(desk, tmp_path):
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "manifest.csv").write_bytes(b"\xff\xfe\x00garbage")
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    assert snapshot.summarise(desk.library).groups == 6


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that can be opened and not read")
def test_a_manifest_that_cannot_be_read_changes_no_group_and_stops_a_retraining(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", ["0.jpg", "1.jpg"])
    (tmp_path / "faces").mkdir()
    manifest = tmp_path / "faces" / "manifest.csv"
    manifest.write_text("path,group\n0.jpg,ann\n1.jpg,ann\n", encoding="utf-8")
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    assert snapshot.summarise(desk.library).groups == 1
    manifest.unlink()
    manifest.symlink_to("/proc/self/mem")  # reading its first byte is an input/output error
    catalog.finish_scan(desk.library, desk.folder_id, ["0.jpg"])
    assert desk.columns().missing.tolist() == [False, True]
    assert desk.columns().group.tolist() == ["ann", "ann"]
    with pytest.raises(UserError, match=r"manifest.csv cannot be read \(Input/output error\)"):
        snapshot.take(desk.library)
    manifest.unlink()
    manifest.write_text("path,group\n0.jpg,ann\n1.jpg,bob\n", encoding="utf-8")
    snapshot.summarise(desk.library)
    assert desk.columns().group.tolist() == ["ann", "bob"]
    desk.library.close()


def test_an_unplugged_drive_changes_nobody_s_group(tmp_path):
    root = tmp_path / "drive" / "faces"
    names = [f"{i}.jpg" for i in range(4)]
    desk = open_desk(tmp_path / "library", root, names)
    root.mkdir(parents=True)
    (root / "manifest.csv").write_text("path,group\n" + "".join(f"{n},person-{n}\n" for n in names), encoding="utf-8")
    catalog.finish_scan(desk.library, desk.folder_id, names)
    known = desk.columns().group.tolist()
    assert known == [f"person-{n}" for n in names]
    root.rename(tmp_path / "away")
    snapshot.look(desk.library)
    assert desk.columns().group.tolist() == known
    root.mkdir()  # the place where it was mounted
    snapshot.look(desk.library)
    assert desk.columns().group.tolist() == known
    (root / "0.jpg").write_bytes(b"")  # it is there again, and its manifest was removed
    snapshot.look(desk.library)
    assert set(desk.columns().group.tolist()) == {""}
    desk.library.close()


def test_two_copies_of_a_file_are_one_group(many):
    copies = [ScoredImage(i, "c" * 64, 1, 1, 0.5, None) for i in many.ids[:30]]
    catalog.record_scores(many.library, "m", "p", copies)
    taken = snapshot.take(many.library).rows
    assert {r.group for r in taken[:30]} == {"face_000"}
    assert {r.split for r in taken[:30]} == {"test"}, "a cluster that joins two splits goes wholly to test"


def test_a_split_that_a_person_sets_goes_first_for_the_whole_group(many):
    edits.assign(many.library, many.ids, "group", "one person", **many.who)
    edits.assign(many.library, many.ids[:1], "split", "val", **many.who)
    assert {r.split for r in snapshot.take(many.library).rows} == {"val"}
    edits.assign(many.library, many.ids[1:2], "split", "train", **many.who)
    assert {r.split for r in snapshot.take(many.library).rows} == {"test"}


@pytest.mark.parametrize("count", [6, 12, 20, 24])
def test_a_small_set_still_gets_two_groups_in_each_split(tmp_path, count):
    for salt in range(8):
        names = [f"{i}.jpg" for i in range(count)]
        splits, cut = assign_splits(names, names, [""] * count, str(salt))
        counts = {s: splits.count(s) for s in ("train", "val", "test")}
        assert min(counts.values()) >= 2, (salt, counts)
        assert counts["train"] >= counts["val"]
        assert cut in ("hash", "quota")


def test_the_summary_says_when_it_cut_by_quota(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", [f"{i}.jpg" for i in range(24)])
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    summary = snapshot.summarise(desk.library)
    assert snapshot.shortage(summary) is None
    assert ("by quota" in summary.text) == (summary.cut == "quota")
    desk.library.close()


def test_shortage_says_what_is_lacking_in_one_sentence(desk):
    assert snapshot.shortage(snapshot.summarise(desk.library)) == (
        "Retraining needs 20 more labelled images (there are 0) and labels on at least 6 different people or "
        "source images (there are 0)."
    )
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    assert snapshot.shortage(snapshot.summarise(desk.library)) == (
        "Retraining needs 14 more labelled images (there are 6)."
    )
    edits.correct(desk.library, desk.add(*(f"n{i}.jpg" for i in range(20))), 0.5, **desk.who)
    edits.assign(desk.library, list(range(1, 27)), "split", "train", **desk.who)
    assert snapshot.shortage(snapshot.summarise(desk.library)) == (
        "Retraining needs at least 2 groups each in val, test."
    )


def test_a_stored_snapshot_never_changes(many):
    first = snapshot.write(many.library)
    data = first.read_bytes()
    assert first.parent == many.library.snapshots_dir
    read = manifest.read(first)
    assert first.stem == read.digest() == snapshot.take(many.library).digest()
    assert snapshot.write(many.library) == first
    edits.correct(many.library, many.ids[:1], 1.0, **many.who)
    second = snapshot.write(many.library)
    assert second != first
    assert first.read_bytes() == data
    with second.open(encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["mos"] == "1.0"
    assert len(list(many.library.snapshots_dir.iterdir())) == 2


NAMES = st.sampled_from("abcdefgh")
CONTENTS = st.sampled_from(["", "1", "2", "3"])
STORED = st.sampled_from(["", "", "train", "test"])


@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["", "", "train", "test"])), min_size=1
    )
)
def test_a_cluster_is_never_divided(rows):
    groups, contents, stored = (list(column) for column in zip(*rows, strict=True))
    clusters = join_groups(groups, contents)
    splits, _ = assign_splits(groups, clusters, stored, "salt")
    for by in (groups, clusters):
        sides = defaultdict(set)
        for key, split in zip(by, splits, strict=True):
            sides[key].add(split)
        assert all(len(s) == 1 for s in sides.values())
    for content in set(contents) - {""}:
        assert len({c for c, k in zip(clusters, contents, strict=True) if k == content}) == 1


def test_scan_entries_are_kept_apart_by_folder(desk: Desk, tmp_path):
    other = catalog.add_folder(desk.library, tmp_path / "more")
    catalog.record_scan(desk.library, other, [ScanEntry("face_0.jpg", 1, 1)])
    assert len(desk.columns()) == 7
