"""Forget, backups, views: what is removed is gone from the file, what keeps traces is named."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from app.library import backups, catalog, edits, factors, forget, models, runs, snapshot, views
from app.library import sqlite as library_sqlite
from app.library.catalog import ScoredImage
from app.library.changes import last_seq, since
from app.library.display import set_display_scale
from app.library.errors import LibraryError
from app.library.library import Library
from app.library.schema import SavedView, Score
from app.library.views import NamedView
from engine.factors import Factors
from tests import bundles

SECRET = "a note that nobody else would write"


def contents(desk, *shas: str) -> None:
    results = [ScoredImage(i, s * 64, 5, 5, 0.5, None) for i, s in zip(desk.ids, shas, strict=False)]
    catalog.record_scores(desk.library, "m", "p", results)
    measured = [(s * 64, Factors(0.1, 0.2, 0.3, 0.4, 0.5)) for s in shas]
    factors.record(desk.library, measured)


def bytes_of(library: Library) -> bytes:
    wal = library.database.with_name(library.database.name + "-wal")
    return library.database.read_bytes() + (wal.read_bytes() if wal.exists() else b"")


def test_a_forgotten_image_is_gone_and_the_others_stay(desk):
    contents(desk, "a", "b", "b")
    edits.correct(desk.library, desk.ids[:3], 0.25, **desk.who)
    edits.note(desk.library, desk.ids[:1], SECRET, **desk.who)
    assert SECRET.encode() in bytes_of(desk.library)
    with Library.open(desk.library.directory) as other_window:
        seq = last_seq(other_window)
        traces = forget.traces(desk.library, desk.ids[:2])
        assert (traces.images, traces.events, traces.scores) == (2, 3, 1)
        assert traces.sha256s == ("a" * 64,)  # the other content belongs to an image that stays
        change = forget.forget(desk.library, desk.ids[:2], **desk.who)
        told = since(other_window, seq)
        assert told is not None
        assert told.everything
    assert change.everything
    rows = desk.columns()
    assert [int(i) for i in rows.id] == desk.ids[2:]
    assert (rows.mos[0], rows.score[0]) == (0.25, 0.5)
    assert rows.sharpness[0] == pytest.approx(0.1)
    desk.library.close()
    assert SECRET.encode() not in bytes_of(desk.library)
    assert b"a" * 64 not in bytes_of(desk.library)
    # undo takes the act before back where something of it is left, and never the forgetting
    assert edits.undo_text(desk.library, desk.rater_id) == "MOS 0.25 on 3 images"
    assert edits.undo(desk.library, **desk.who).image_ids == (desk.ids[2],)
    assert not edits.undo(desk.library, **desk.who)


def test_an_act_of_which_nothing_is_left_is_neither_undone_nor_redone(desk):
    for i, mos in enumerate((0.25, 0.5, 0.75)):
        edits.correct(desk.library, desk.ids[i : i + 1], mos, **desk.who)
    edits.undo(desk.library, **desk.who)
    forget.forget(desk.library, desk.ids[1:3], **desk.who)
    assert edits.redo_text(desk.library, desk.rater_id) is None
    assert edits.undo_text(desk.library, desk.rater_id) == "MOS 0.25 on 1 image"
    assert edits.undo(desk.library, **desk.who).image_ids == (desk.ids[0],)
    assert edits.undo_text(desk.library, desk.rater_id) is None


def test_backups_runs_models_and_lists_that_keep_traces_are_named(desk, tmp_path):
    contents(desk, *"abcdef")
    edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    edits.note(desk.library, desk.ids[:1], SECRET, **desk.who)
    backup = desk.library.backup_if_due()
    listed = snapshot.write(desk.library)
    for name in ("used", "broken"):
        run = desk.library.runs_dir / name
        run.mkdir()
        shutil.copy(listed, run / "manifest.csv")
        run_id = runs.add_run(desk.library, run, "finetune")
    (desk.library.runs_dir / "broken" / "manifest.csv").write_text("no list")
    models.register(desk.library, bundles.write(tmp_path / "m.onnx", size=32), name="made", run_id=run_id - 1)
    traces = forget.traces(desk.library, desk.ids[:1])
    assert [r.directory.name for r in traces.runs] == ["used"]
    assert traces.models == ("made",)
    assert traces.snapshots == (listed,)
    assert [p.parent.name for p in traces.unread] == ["broken"]
    assert traces.backups == (backup,)
    assert forget.traces(desk.library, []).runs == ()
    forget.forget(desk.library, desk.ids[:1], **desk.who)
    assert SECRET.encode() in backup.read_bytes()
    stubborn = desk.library.backups_dir / "a-folder.sqlite"
    stubborn.mkdir()
    with pytest.raises(LibraryError, match=r"cannot be deleted: a-folder\.sqlite"):
        forget.delete_backups(desk.library)
    assert desk.library.backups() == [stubborn], "the others are gone"
    stubborn.rmdir()
    forget.delete_backups(desk.library)
    assert desk.library.backups() == []


def test_a_person_is_all_images_of_the_group(desk):
    edits.assign(desk.library, desk.ids[1:4], "group", "Anna", **desk.who)
    assert forget.same_people(desk.library, desk.ids[2:3]) == desk.ids[1:4]
    assert forget.same_people(desk.library, desk.ids[5:]) == desk.ids[5:]


def test_what_was_read_before_the_forgetting_and_is_written_after_it_does_not_come_back(desk):
    late = [ScoredImage(i, s * 64, 5, 5, 0.5, None) for i, s in zip(desk.ids, "ab", strict=False)]
    forget.forget(desk.library, desk.ids[:1], **desk.who)
    told = catalog.record_scores(desk.library, "m", "p", late)
    assert told.image_ids == (desk.ids[1],)
    assert catalog.known_contents(desk.library, ["a" * 64, "b" * 64]) == {"b" * 64}
    with desk.library.read() as session:
        assert session.scalars(select(Score.sha256)).all() == ["b" * 64]
    desk.library.close()
    assert b"a" * 64 not in bytes_of(desk.library)


def test_a_forgotten_file_is_a_new_image_to_the_next_scan(desk):
    edits.correct(desk.library, desk.ids[:1], 0.25, **desk.who)
    forget.forget(desk.library, desk.ids[:1], **desk.who)
    new = desk.add("face_0.jpg")
    assert new[0] > max(desk.ids)
    assert desk.mos()[-1] is None


# -- backups -----------------------------------------------------------------------------------------------------------


def test_backups_say_when_and_why_they_were_made(desk):
    first = desk.library.backup_if_due()
    desk.library.restore(first)
    found = backups.backups(desk.library)
    assert [b.kind for b in found] == ["before restore", "daily"]
    assert found[1].path == first
    assert found[0].at >= found[1].at
    assert all(b.bytes > 0 for b in found)


def test_a_library_that_another_program_holds_is_not_restored(desk, monkeypatch):
    monkeypatch.setattr(library_sqlite, "BUSY_S", 0.2)
    backup = desk.library.backup_if_due()
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    other = sqlite3.connect(desk.library.database, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(LibraryError, match="keeps the library locked"):
        desk.library.restore(backup)
    other.execute("rollback")
    other.close()
    assert desk.mos() == [0.5] * 6


def test_a_network_share_is_told_from_a_drive_of_this_computer(tmp_path):
    assert backups.network_share(tmp_path) == ""
    assert backups.network_share(Path("//server/faces")) == "smb"


# -- views -------------------------------------------------------------------------------------------------------------


def test_views_are_saved_renamed_replaced_and_deleted(desk):
    views.save(desk.library, NamedView("  Bad   ones ", "mos:<0.3", "mos", False))
    views.save(desk.library, NamedView("Bad ones", "mos:<0.2", "score", True))
    views.save(desk.library, NamedView("Alpha", "flag:pick"))
    assert views.saved(desk.library) == [
        NamedView("Alpha", "flag:pick"),
        NamedView("Bad ones", "mos:<0.2", "score", True),
    ]
    views.rename(desk.library, "Alpha", "Omega")
    with pytest.raises(LibraryError, match="already"):
        views.rename(desk.library, "Omega", "Bad ones")
    with pytest.raises(LibraryError, match="no saved view"):
        views.rename(desk.library, "Alpha", "Beta")
    for name in ("", "suspect"):
        with pytest.raises(LibraryError):
            views.save(desk.library, NamedView(name, ""))
    views.delete(desk.library, "Omega")
    views.delete(desk.library, "Omega")
    assert [v.name for v in views.saved(desk.library)] == ["Bad ones"]


def test_every_standing_view_is_a_filter_that_works(desk):
    from app.library.query import compile_query, load_context

    for view in views.STANDING:
        predicate = compile_query(view.query)
        mask = predicate(desk.columns(), load_context(desk.library, predicate.needs, "Ann"))
        assert mask.sum() == (6 if view.name in ("All", "Unlabelled") else 0)


def test_a_view_asks_for_the_same_quality_whatever_the_scale(desk):
    views.save(desk.library, NamedView("Bad", "mos:<0.3"))
    set_display_scale(desk.library, 1, 5)
    views.save(desk.library, NamedView("Good", "mos:>4"))
    with desk.library.write() as session:
        session.add(SavedView(name="Old", query="mos:<2", created_at="2026-01-01"))
    assert [v.query for v in views.saved(desk.library)] == ["mos:<2.2", "mos:>4", "mos:<2"]
    set_display_scale(desk.library, 0, 1)
    assert [v.query for v in views.saved(desk.library)] == ["mos:<0.3", "mos:>0.75", "mos:<2"]
