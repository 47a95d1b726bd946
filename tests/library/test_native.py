"""The native export is lossless: into an empty library, nothing that anybody said differs."""

from __future__ import annotations

import json
import zipfile

import pytest
from sqlalchemy import func, select

from app.library import catalog, edits, people
from app.library.catalog import ScoredImage
from app.library.exchange.applying import apply_import
from app.library.exchange.exporting import export_labels
from app.library.exchange.gathering import gather
from app.library.exchange.importing import plan_import
from app.library.library import Library, LibraryError
from app.library.schema import Act, Image
from tests.library.conftest import open_desk

NAMES = ["a.jpg", "sub/ä €.jpg", "c.jpg", "d.jpg", "e.jpg", "untouched.jpg"]


@pytest.fixture
def here(tmp_path):
    """A library in which everything was done that can be."""
    desk = open_desk(tmp_path / "here", tmp_path / "faces", NAMES)
    ids, bea = desk.ids, desk.other("Bea")
    catalog.record_scores(desk.library, "m", "p", [ScoredImage(ids[0], "ab" * 32, 640, 480, 0.5, None)])
    table = tmp_path / "old.csv"
    table.write_text("path,mos,std,n\na.jpg,2,0.5,16\nsub/ä €.jpg,4,0.25,3\nc.jpg,3,,\n", encoding="utf-8")
    apply_import(desk.library, plan_import(desk.library, table, scale=(1, 5), label_set="Old"), **desk.who)
    table.write_text("Image,raw_score,mapped_score\nd.jpg,0.7,0.6\n", encoding="utf-8")
    apply_import(desk.library, plan_import(desk.library, table), **bea)
    edits.rate(desk.library, ids[:2], 1 / 3, mode="blind", **bea)
    edits.rate(desk.library, ids[:1], 0.9, **desk.who)
    edits.correct(desk.library, ids[2:3], 0.1, **desk.who)
    edits.correct(desk.library, ids[2:3], 0.2, **bea, why="eyes, soft")
    edits.flag(desk.library, ids[3:5], "reject", **bea)
    edits.note(desk.library, ids[4:5], 'two\nlines, "quoted"', **desk.who)
    edits.assign(desk.library, ids[:2], "split", "test", **desk.who)
    edits.assign(desk.library, ids[:2], "group", "person 7", **bea)
    edits.rate(desk.library, ids[3:4], 0.5, **desk.who)
    edits.undo(desk.library, **desk.who)
    yield desk
    desk.library.close()


def said(library):
    """Everything in force, without the numbers that are each library's own."""
    with library.read() as session:
        return {
            (r.folder, r.name): (
                r.mos, r.n, r.low, r.high, r.provenance, r.flag, r.note, r.split, r.group, r.sha256, r.width, r.size,
                sorted((s.kind, s.within, s.value, json.dumps(s.more), s.at, s.by, s.text, s.session)
                       for s in r.statements),
                [(label.of, label.value, label.sd, label.n, label.extra) for label in r.labels],
            )
            for r in gather(session)
        }  # fmt: skip


def ratings_table(file):
    """`ratings.csv` without the number that an image has in its library."""
    with zipfile.ZipFile(file) as archive:
        return [line.partition(",")[2] for line in archive.read("ratings.csv").decode().splitlines()]


@pytest.fixture
def exported(here, tmp_path):
    file = tmp_path / "labels.zip"
    written = export_labels(here.library, file, "native")
    assert (written.images, written.note) == (5, "")
    return file


def arrive(library, file, name="Zoe", answer="mine"):
    who = people.ensure_rater(library, name)
    plan = plan_import(library, file)
    session_id = people.start_session(library, who.id)
    changes = apply_import(library, plan, on_conflict=answer, rater_id=who.id, session_id=session_id)
    return plan, changes, {"rater_id": who.id, "session_id": session_id}


@pytest.mark.parametrize("scanned", [False, True], ids=["without images", "same folder scanned"])
def test_into_an_empty_library_nothing_differs(here, exported, tmp_path, scanned):
    if scanned:
        open_desk(tmp_path / "there", tmp_path / "faces", NAMES).library.close()
    with Library.open_or_create(tmp_path / "there") as there:
        plan, changes, zoe = arrive(there, exported)
        assert plan.complete
        assert plan.conflicts == ()
        assert changes.everything == (not scanned)
        expected = said(here.library)
        if scanned:  # its own scan has not read the bytes yet
            expected = {k: (*v[:9], "", None, *v[11:]) for k, v in expected.items()}
        assert said(there) == expected
        again = tmp_path / "again.zip"
        export_labels(there, again, "native")
        assert ratings_table(again) == ratings_table(exported)
        assert edits.undo_text(there, people.ensure_rater(there, "Bea").id) is None, "others' acts are not theirs here"
        edits.undo(there, **zoe)
        assert said(there) == {}, "one undo takes the whole import back"
        edits.redo(there, **zoe)
        assert {k: v[:9] for k, v in said(there).items()} == {k: v[:9] for k, v in said(here.library).items()}


def test_history_shows_who_said_it_and_when(here, exported, tmp_path):
    with Library.open_or_create(tmp_path / "there") as there:
        arrive(there, exported)
        with there.read() as session:
            acts = session.scalars(select(Act).order_by(Act.seq)).all()
        with here.library.read() as session:
            times = set(session.scalars(select(Act.at)))
        assert [a.kind for a in acts[:-1]] == ["history"] * (len(acts) - 1)
        assert acts[-1].kind == "import"
        assert {a.at for a in acts[:-1]} <= times
        assert "MOS 0.10 to 0.20 on 1 image" in {a.text for a in acts}


def test_moved_files_are_found_by_their_hash(here, exported, tmp_path):
    there = open_desk(tmp_path / "there", tmp_path / "elsewhere", ["renamed.jpg", "c.jpg"])
    catalog.record_scores(there.library, "m", "p", [ScoredImage(there.ids[0], "ab" * 32, 640, 480, 0.5, None)])
    plan, _, _ = arrive(there.library, exported)
    assert "hash" in {m.how for m in plan.matched}
    assert len(plan.missing) == 3, "a library with images takes in no others"
    there.library.close()


def test_another_picture_of_the_same_name_is_not_meant(here, exported, tmp_path):
    there = open_desk(tmp_path / "there", tmp_path / "bobs", ["a.jpg", "x.jpg"])
    named, same = there.ids
    read = [ScoredImage(named, "cd" * 32, 640, 480, 0.5, None), ScoredImage(same, "ab" * 32, 640, 480, 0.5, None)]
    catalog.record_scores(there.library, "m", "p", read)
    plan, _, _ = arrive(there.library, exported)
    assert [(m.image_id, m.how) for m in plan.matched] == [(same, "hash")]
    there.library.close()


@pytest.mark.parametrize(
    ("answer", "mos", "ratings"),
    [("mine", 0.8, {}), ("theirs", 0.2, {}), ("rater", 0.8, {"Bea": 0.2})],
)
def test_a_conflict_is_answered_as_asked(exported, tmp_path, answer, mos, ratings):
    there = open_desk(tmp_path / "there", tmp_path / "faces", NAMES)
    target = next(i for i, p in zip(there.ids, there.columns().path, strict=True) if p.endswith("c.jpg"))
    edits.correct(there.library, [target], 0.8, **there.who)
    plan, _, zoe = arrive(there.library, exported, answer=answer)
    assert [m.image_id for m in plan.conflicts] == [target]
    with there.library.read() as session:
        found = next(r for r in gather(session) if r.id == target)
        assert (found.mos, found.ratings) == (mos, ratings)
    edits.undo(there.library, **zoe)
    with there.library.read() as session:
        assert session.scalars(select(Image.mos).where(Image.mos.is_not(None))).all() == [0.8]
    there.library.close()


def test_the_zip_has_the_promised_files(exported):
    with zipfile.ZipFile(exported) as archive:
        assert set(archive.namelist()) >= {"labels.csv", "ratings.csv", "manifest.json"}
        head = archive.read("labels.csv").decode().splitlines()[0]
        manifest = json.loads(archive.read("manifest.json"))
    assert head.startswith(
        "image_id,rel_path,sha256,width,height,split,mos,mos_std,mos_n,ci_low,ci_high,scale,provenance,flag,reason,"
        "student,student_model,teacher,teacher_model,updated_at,updated_by"
    )
    assert manifest["counts"]["images"] == 5
    assert [s["name"] for s in manifest["label_sets"]]


@pytest.mark.parametrize(
    ("part", "old", "new", "said_"),
    [
        ("statements.jsonl", '"value": 0.2', '"value": 2.5', "changed after the export"),
        ("manifest.json", '"schema": 1', '"schema": 99', "newer version"),
        ("manifest.json", "fiqa-labels", "other", "no export of FIQA Desktop"),
    ],
)
def test_an_export_that_was_tampered_with_is_refused(exported, tmp_path, part, old, new, said_):
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(exported) as source, zipfile.ZipFile(other, "w") as copy:
        for name in source.namelist():
            text = source.read(name).decode()
            assert name != part or old in text
            copy.writestr(name, text.replace(old, new) if name == part else text)
    with Library.open_or_create(tmp_path / "there") as there:
        with pytest.raises(LibraryError, match=said_):
            plan_import(there, other)
        with there.read() as session:
            assert session.scalar(select(func.count()).select_from(Image)) == 0


def test_mine_keeps_what_was_said_here_since(here, exported):
    ids = here.ids
    edits.note(here.library, ids[4:5], "newer", **here.who)
    edits.flag(here.library, ids[3:4], "pick", **here.who)
    edits.assign(here.library, ids[:1], "group", "somebody else", **here.who)
    expected = said(here.library)
    arrive(here.library, exported)
    found = said(here.library)
    assert {k: v[:9] for k, v in found.items()} == {k: v[:9] for k, v in expected.items()}
    _, _, zoe = arrive(here.library, exported, answer="theirs")
    assert {k: v[5:9] for k, v in said(here.library).items()} != {k: v[5:9] for k, v in expected.items()}
    edits.undo(here.library, **zoe)


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b"], ids=ascii)
def test_a_note_with_any_line_mark_comes_back(desk, tmp_path, character):
    edits.note(desk.library, desk.ids[:1], f"two{character}lines", **desk.who)
    export_labels(desk.library, tmp_path / "labels.zip", "native")
    with Library.open_or_create(tmp_path / "there") as there:
        arrive(there, tmp_path / "labels.zip")
        assert [row[6] for row in said(there).values()] == [f"two{character}lines"]
