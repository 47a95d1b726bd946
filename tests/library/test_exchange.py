"""Labels from the files that people bring, and back: nothing is written before it is accepted, nothing in silence."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.library import catalog, changes, edits
from app.library.catalog import ScoredImage
from app.library.exchange.applying import apply_import
from app.library.exchange.exporting import export_labels
from app.library.exchange.importing import plan_import
from app.library.exchange.table import number, read_table
from app.library.library import LibraryError
from tests.library.conftest import open_desk


def plan(desk, tmp_path: Path, content: str | bytes, **options):
    file = tmp_path / "labels.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return plan_import(desk.library, file, **{"layout": "csv"} | options)


def values(made) -> dict[int, float]:
    return {m.image_id: round(m.mos, 6) for m in made.matched}


# -- reading ---------------------------------------------------------------------------------------------------------

PLAIN = "image_name,score\nface_0.jpg,0.25\nface_1.jpg,0.75\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_usual_encoding_is_read_and_named(desk, tmp_path, encoding):
    (umlaut,) = desk.add("gesicht_ä.jpg")
    made = plan(desk, tmp_path, (PLAIN + "gesicht_ä.jpg,1\n").encode(encoding))
    assert values(made) == {desk.ids[0]: 0.25, desk.ids[1]: 0.75, umlaut: 1.0}
    assert f"read as {encoding}" in made.report
    assert made.complete


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name;mos\nface_0.jpg;0,25\nface_1.jpg;0,75\n", "semicolons between columns, with a header, decimal commas"),
        ("face_0.jpg\t0,25\r\nface_1.jpg\t0,75\r\n", "tabs between columns, without a header, decimal commas"),
        ("face_0.jpg,0.25\nface_1.jpg,0.75", "commas between columns, without a header"),
        ('"face_0.jpg","0,25"\n"face_1.jpg","0,75"\n', "commas between columns, without a header, decimal commas"),
        ("\n\nFile Name|Quality\nface_0.jpg| 0.25 \nface_1.jpg|+7.5e-1\n\n", "bars between columns, with a header"),
        ("mos,id,path\n0.25,7,face_0.jpg\n0.75,8,face_1.jpg\n", "commas between columns, with a header"),
    ],
)
def test_any_usual_table_is_read(desk, tmp_path, content, said):
    made = plan(desk, tmp_path, content)
    assert values(made) == {desk.ids[0]: 0.25, desk.ids[1]: 0.75}
    assert made.report.endswith(said)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x01\x02", "no text file"),
        (b"only\nnames\nhere\n", "no column of image names with a column of scores"),
        (b"path,red,blue\na.jpg,1,2\n", "several columns of numbers: 'red', 'blue'"),
        (b"path,mos\x81\x8d\n\xff,\x9d\n", "neither UTF-8 nor Windows"),
    ],
)
def test_what_is_no_label_table_is_refused(desk, tmp_path, content, message):
    with pytest.raises(LibraryError, match=message):
        plan(desk, tmp_path, content)


def test_wrong_options_are_refused(desk, tmp_path):
    with pytest.raises(LibraryError, match=r"no column 'grade'.*'image_name', 'score'"):
        plan(desk, tmp_path, PLAIN, score_column="grade")
    with pytest.raises(LibraryError, match="scale is empty"):
        plan(desk, tmp_path, PLAIN, scale=(3, 3))
    with pytest.raises(LibraryError, match="no match rule"):
        plan(desk, tmp_path, PLAIN, match="guess")
    with pytest.raises(LibraryError, match="Cannot read"):
        plan_import(desk.library, tmp_path / "nothing.csv")


def test_columns_can_be_named_or_numbered(desk, tmp_path):
    content = "a,b,c\nface_0.jpg,0.1,0.9\n"
    assert values(plan(desk, tmp_path, content, path_column="A", score_column="c")) == {desk.ids[0]: 0.9}
    assert values(plan(desk, tmp_path, content, path_column="1", score_column="2")) == {desk.ids[0]: 0.1}


def test_numbers():
    assert [number(t) for t in ("1", " -0,5 ", "1e-2", "+3.5", "\u22121", ",5")] == [1, -0.5, 0.01, 3.5, -1, 0.5]
    assert [number(t) for t in ("", "x", "nan", "inf", "1,2,3", "1_000", "1,5.0")] == [None] * 7


# -- scale -----------------------------------------------------------------------------------------------------------


def test_values_are_mapped_by_the_declared_scale(desk, tmp_path):
    content = "path,mos,std\nface_0.jpg,1,0.5\nface_1.jpg,3,\nface_2.jpg,5,0.5\n"
    made = plan(desk, tmp_path, content, scale=(1, 5))
    assert values(made) == {desk.ids[0]: 0.0, desk.ids[1]: 0.5, desk.ids[2]: 1.0}
    assert [m.sd for m in made.matched] == [0.125, None, 0.125]
    inverted = plan(desk, tmp_path, content, scale=(5, 1))
    assert values(inverted) == {desk.ids[0]: 1.0, desk.ids[1]: 0.5, desk.ids[2]: 0.0}


def test_unusable_lines_are_counted_and_listed_with_their_reason(desk, tmp_path):
    desk.add("a/twin.jpg", "b/twin.jpg")
    content = (
        "path,mos\nface_0.jpg,0.5\nface_1.jpg,7\nface_2.jpg,good\nface_3.jpg,nan\nface_4.jpg,\n"
        "stranger.jpg,0.5\nface_0.jpg,0.5\nface_0.jpg,0.6\ntwin.jpg,0.5\na/twin.jpg,0.75\n,0.5\n"
    )
    made = plan(desk, tmp_path, content)
    assert [(s.line, s.reason) for s in made.bad] == [
        (3, "7 is outside the scale 0 to 1"),
        (4, "'good' is no number"),
        (5, "'nan' is no number"),
    ]
    assert [(s.line, s.text) for s in made.missing] == [(7, "stranger.jpg"), (12, "")]
    assert [s.line for s in made.empty] == [6]
    assert [s.line for s in made.duplicates] == [8, 9]
    assert "another value (0.5, here 0.6)" in made.duplicates[1].reason
    assert [(s.line, s.reason) for s in made.ambiguous] == [(10, "2 images have this path")]
    assert len(made.matched) == 2
    assert not made.complete
    assert made.text == (
        "labels.csv, read as utf-8, commas between columns, with a header: 2 lines match (2 by path); "
        "2 name no image of the library; 1 names more than one image; 2 repeat an image; "
        "2 have a value that is no number; 1 is outside the scale; "
        "1 has no value."
    )
    assert desk.mos() == [None] * 8, "a dry run writes nothing"
    assert changes.last_seq(desk.library) == 0


# -- matching --------------------------------------------------------------------------------------------------------


def test_names_match_across_systems(desk, tmp_path):
    nfd = unicodedata.normalize("NFD", "Zoë/é.png")
    deep, composed = desk.add("set/img/one.jpg", nfd)
    content = (
        "IMAGE PATH,JOD\n"
        "C:\\data\\set\\img\\one.jpg,0.5\n"
        f"{unicodedata.normalize('NFC', nfd)},0.25\n"
        "./face_0.jpg,0\n"
        "/other/machine/face_1.jpg,1\n"
        "train/face_2,0.75\n"
        "face_3.png,0.1\n"
    )
    made = plan(desk, tmp_path, content)
    assert values(made) == {
        deep: 0.5, composed: 0.25, desk.ids[0]: 0.0, desk.ids[1]: 1.0, desk.ids[2]: 0.75, desk.ids[3]: 0.1,
    }  # fmt: skip
    assert [m.how for m in made.matched] == ["path", "path", "path", "path", "stem", "stem"]
    by_name = plan(desk, tmp_path, content, match="name")
    assert len(by_name.matched) == 4
    by_path = plan(desk, tmp_path, "path,mos\nelse/where/face_0.jpg,0.5\nset/img/one.jpg,1\n", match="path")
    assert set(values(by_path)) == {desk.ids[0], deep}
    assert set(values(plan(desk, tmp_path, "x,mos\nface_0,0.5\n", match="stem"))) == {desk.ids[0]}


def test_the_longest_common_path_decides_between_namesakes(desk, tmp_path):
    a, b = desk.add("x/a/1.jpg", "x/b/1.jpg")
    made = plan(desk, tmp_path, "path,mos\nfaces/x/b/1.jpg,0.5\nD:/old/x/a/1.jpg,1\n")
    assert values(made) == {b: 0.5, a: 1.0}
    wrong = plan(desk, tmp_path, "path,mos\nx/c/1.jpg,0.5\n")
    assert [s.reason for s in wrong.ambiguous] == ["2 images have this name"]


def test_bytes_match_by_hash(desk, tmp_path):
    catalog.record_scores(desk.library, "m", "p", [ScoredImage(desk.ids[0], "ab" * 32, 1, 1, 0.5, None)])
    made = plan(desk, tmp_path, f"sha256,mos\n{'AB' * 32},0.5\n{'cd' * 32},0.5\n", match="hash")
    assert values(made) == {desk.ids[0]: 0.5}
    assert len(made.missing) == 1


# -- writing ---------------------------------------------------------------------------------------------------------


def test_an_import_is_one_act_that_one_undo_takes_back(desk, tmp_path):
    made = plan(desk, tmp_path, "path,mos,std,n\nface_0.jpg,3,1,16\nface_1.jpg,5,1,1\n", scale=(1, 5), label_set="S")
    done = apply_import(desk.library, made, **desk.who, initiator="me")
    assert (done.seq, done.kind, done.image_ids) == (1, "import", tuple(desk.ids[:2]))
    assert done.initiator == "me"
    rows = desk.columns()
    assert desk.mos()[:2] == [0.5, 1.0]
    assert list(rows.provenance[:3]) == ["imported:S", "imported:S", ""]
    assert rows.n_ratings[0] == 16
    assert rows.mos_high[0] - rows.mos_low[0] == pytest.approx(2 * 2.13145 * 0.25 / 4, abs=1e-4)
    edits.undo(desk.library, **desk.who)
    assert desk.mos() == [None] * 6
    edits.redo(desk.library, **desk.who)
    assert desk.mos()[:2] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("answer", "mos", "provenance"),
    [
        ("mine", [0.25, 0.75, 0.5], ["human", "human", "imported:labels"]),
        ("theirs", [0.5, 0.5, 0.5], ["imported:labels", "imported:labels", "imported:labels"]),
        ("rater", [0.25, 0.625, 0.5], ["human", "human", "human"]),
    ],
)
def test_a_conflict_is_answered_as_asked(desk, tmp_path, answer, mos, provenance):
    edits.correct(desk.library, desk.ids[:1], 0.25, **desk.who)
    edits.rate(desk.library, desk.ids[1:2], 0.75, **desk.who)
    edits.correct(desk.library, desk.ids[3:4], 0.5, **desk.who)
    made = plan(desk, tmp_path, "path,mos\nface_0.jpg,.5\nface_1.jpg,.5\nface_2.jpg,.5\nface_3.jpg,.5\n")
    assert [m.image_id for m in made.conflicts] == desk.ids[:2], "an equal label is no conflict"
    apply_import(desk.library, made, on_conflict=answer, **desk.who)
    assert desk.mos()[:3] == mos
    assert list(desk.columns().provenance[:3]) == provenance
    edits.undo(desk.library, **desk.who)
    assert desk.mos()[:4] == [0.25, 0.75, None, 0.5]
    assert list(desk.columns().provenance[:3]) == ["human", "human", ""]


def test_the_same_set_again_is_an_update_and_another_scale_another_set(desk, tmp_path):
    apply_import(desk.library, plan(desk, tmp_path, "path,mos\nface_0.jpg,.5\n"), **desk.who)
    again = plan(desk, tmp_path, "path,mos\nface_0.jpg,.75\n")
    assert again.conflicts == ()
    apply_import(desk.library, again, **desk.who)
    assert (desk.mos()[0], desk.columns().provenance[0]) == (0.75, "imported:labels")
    other = plan(desk, tmp_path, "path,mos\nface_1.jpg,2\n", scale=(1, 5))
    apply_import(desk.library, other, **desk.who)
    assert (desk.mos()[1], desk.columns().provenance[1]) == (0.25, "imported:labels (2)")


def test_pseudo_and_weak_labels_never_become_mos(desk, tmp_path):
    for kind in ("pseudo", "weak"):
        made = plan(desk, tmp_path, "path,mos\nface_0.jpg,.5\n", kind=kind, label_set=kind)
        assert apply_import(desk.library, made, **desk.who).image_ids == (desk.ids[0],)
    assert desk.mos()[0] is None


def test_nothing_usable_is_no_act(desk, tmp_path):
    made = plan(desk, tmp_path, "path,mos\nstranger.jpg,.5\nface_0.jpg,x\n,\n0,1\n")
    assert not apply_import(desk.library, made, **desk.who)
    assert changes.last_seq(desk.library) == 0


# -- there and back --------------------------------------------------------------------------------------------------


def test_an_export_has_the_native_columns(desk, tmp_path):
    edits.correct(desk.library, desk.ids[:1], 0.25, **desk.who, why="soft, eyes")
    for name, value in (("Ann", 0.5), ("Bea", 1.0)):
        edits.rate(desk.library, desk.ids[1:2], value, **desk.other(name))
    edits.flag(desk.library, desk.ids[2:3], "reject", **desk.who)
    assert export_labels(desk.library, tmp_path / "out.csv").images == 3
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0])[:7] == ["image_id", "rel_path", "sha256", "width", "height", "split", "mos"]
    assert (rows[0]["mos"], rows[0]["reason"], rows[0]["updated_by"]) == ("0.25", "soft, eyes", "Ann")
    assert (rows[1]["mos"], rows[1]["mos_n"], rows[1]["updated_by"]) == ("0.75", "2", "Bea")
    assert float(rows[1]["mos_std"]) == pytest.approx(0.353553, abs=1e-6)
    assert (rows[2]["mos"], rows[2]["flag"]) == ("", "reject")


def test_a_label_of_many_opinions_is_shown_with_their_number(desk, tmp_path):
    made = plan(desk, tmp_path, "image_name,score,votes\nface_0.jpg,0.25,70000\n")
    apply_import(desk.library, made, **desk.who)
    assert desk.columns().n_ratings.tolist() == [70_000, 0, 0, 0, 0, 0]


def test_an_export_that_cannot_be_written_leaves_the_old_file(desk, tmp_path):
    with pytest.raises(LibraryError, match="Cannot write"):
        export_labels(desk.library, tmp_path / "nowhere" / "out.csv")


NAMES = ["plain.jpg", "with, comma.jpg", 'with "quotes".jpg', "sub dir/ä€.jpg", "sub dir/plain.jpg", "=1+1.jpg"]


@pytest.fixture
def two_libraries(tmp_path):
    desks = [open_desk(tmp_path / name, tmp_path / "faces", NAMES) for name in ("here", "there")]
    yield desks
    for made in desks:
        made.library.close()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(labels=st.lists(st.none() | st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES)))
def test_labels_survive_the_way_out_and_back(two_libraries, tmp_path, labels):
    here, there = two_libraries
    edits.clear(here.library, here.ids, **here.who)
    for image, label in zip(here.ids, labels, strict=True):
        if label is not None:
            edits.correct(here.library, [image], label, **here.who)
    if export_labels(here.library, tmp_path / "out.csv").images:
        made = plan_import(there.library, tmp_path / "out.csv")
        assert made.complete
        apply_import(there.library, made, **there.who)
        np.testing.assert_array_equal(there.columns().mos, here.columns().mos)
        edits.undo(there.library, **there.who)
    assert there.mos() == [None] * len(NAMES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(tmp_path, data):
    file = tmp_path / "any.csv"
    file.write_bytes(data)
    try:
        table = read_table(file)
    except LibraryError:
        return
    assert len(table.rows) == len(table.lines)
    assert all(len(row) == len(table.header) for row in table.rows)
