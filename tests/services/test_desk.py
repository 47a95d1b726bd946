"""The desk as the window sees it: a real library, real files, real threads."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import delete, select

import resources
from app.library import catalog, edits, people, runs
from app.library import history as past
from app.library.changes import Changes
from app.library.query import QueryError
from app.library.schema import Image, Rater, WorkSession
from app.services.desk import Desk, open_library
from app.services.training import depths, retrain_plan
from engine import manifest as manifests
from engine import recipes
from engine.bundle import read_bundle
from engine.features import Key, Table
from engine.manifest import Manifest, Row
from engine.run import RunDirectory
from tests import pictures, waiting
from tests.at_once import at_once


@pytest.fixture
def desk(qtbot, tmp_path, faces):
    made = Desk(open_library(tmp_path / "library"), "Ann")
    made.seen = {}
    made.columns_ready.connect(lambda columns: made.seen.update(all=columns))
    made.rows_ready.connect(lambda rows: made.seen.update(all=made.seen["all"].patched(rows)))
    made.scoring.pause()
    made.start()
    made.open_folder(faces)
    qtbot.waitUntil(lambda: len(made.seen.get("all", ())) == 6 and not made.scanner.is_scanning())
    yield made
    assert made.close(waiting.LONG_S) == []


def _ids(desk):
    return [int(i) for i in desk.seen["all"].id]


def _ask(qtbot, ask, *args):
    """What an asking method gives to its `done`."""
    got = []
    ask(*args, got.append)
    qtbot.waitUntil(lambda: bool(got))
    return got[0]


def _edited(qtbot, desk, act, *args):
    with qtbot.waitSignal(desk.edited) as told:
        act(*args)
    return told.args[0]


def test_a_filter_finds_what_was_labelled_by_me(qtbot, desk):
    ids = _ids(desk)
    _edited(qtbot, desk, desk.label, ids[:2], 0.25)
    _edited(qtbot, desk, desk.set_note, ids[1:2], " hat ")
    predicate = desk.compile_query("is:mine note:hat")
    qtbot.waitUntil(lambda: np.isfinite(desk.seen["all"].mos).sum() == 2)
    context = _ask(qtbot, desk.query_context, predicate)
    assert desk.seen["all"].id[predicate(desk.seen["all"], context)].tolist() == ids[1:2]
    with pytest.raises(QueryError):
        desk.compile_query("mso:1")
    assert any(c.text == "Ann" for c in desk.complete_query("rater:", 6, desk.seen["all"]))
    said = []
    desk.query_context(desk.compile_query("score@nobody:>0"), said.append, said.append)
    qtbot.waitUntil(lambda: bool(said))
    assert "no model 'nobody'" in said[0]


def test_anothers_act_is_seen_though_an_own_one_followed_at_once(qtbot, desk):
    ids, bea = _ids(desk), people.ensure_rater(desk.library, "Bea")
    session = people.start_session(desk.library, bea.id)
    edits.correct(desk.library, ids[:1], 0.25, rater_id=bea.id, session_id=session)
    _edited(qtbot, desk, desk.label, ids[1:2], 0.75)
    qtbot.waitUntil(lambda: desk.seen["all"].mos[:2].tolist() == [0.25, 0.75], timeout=30_000)


def test_what_the_machine_finds_in_many_batches_is_read_in_few_goes(qtbot, desk):
    ids, reads = set(_ids(desk)), []
    desk.rows_ready.connect(lambda rows: reads.append(set(rows.id.tolist())))
    for image_id in _ids(desk) * 20:
        desk.writer.changed.emit(Changes(0, "factors", (image_id,)))
    qtbot.waitUntil(lambda: ids in reads, timeout=30_000)
    assert len(reads) <= 2  # one may have been under way


def test_undo_is_told_in_words_before_the_rows_of_an_act(qtbot, desk):
    told, first = [], _ids(desk)[:1]
    desk.undo_ready.connect(lambda undo, redo: told.append((undo, redo)))
    desk.rows_ready.connect(lambda rows: told.append(rows.id.tolist()))
    desk.label(first, 0.25)
    qtbot.waitUntil(lambda: first in told, timeout=30_000)
    assert told.index(("MOS 0.25 on 1 image", None)) < told.index(first)
    desk.undo()
    qtbot.waitUntil(lambda: (None, "MOS 0.25 on 1 image") in told, timeout=30_000)


def test_views_are_kept(qtbot, desk):
    with qtbot.waitSignal(desk.views_ready) as told:
        desk.save_view("Bad", "mos:<0.3", "mos", False)
    assert [v.name for v in told.args[0]] == ["Bad"]
    with qtbot.waitSignal(desk.failed):
        desk.rename_view("Bad", "Suspect")
    with qtbot.waitSignal(desk.views_ready):
        desk.delete_view("Bad")
    assert desk.saved_views() == []


def test_blind_ratings_say_so_and_a_correction_ends_it(qtbot, desk):
    ids = _ids(desk)
    desk.set_blind(True)
    assert desk.mode == "rate"
    _edited(qtbot, desk, desk.label, ids[:1], 0.75)
    assert [(r.rater, r.value, r.mode) for r in _ask(qtbot, desk.ratings, ids[0])] == [("Ann", 0.75, "blind")]
    assert sorted(desk.blind_order(ids)) == ids
    assert desk.blind_order(ids) == desk.blind_order(ids[::-1])
    desk.mode = "correct"
    with qtbot.waitSignal(desk.blind_changed):
        _edited(qtbot, desk, desk.label, ids[:1], 0.5)
    assert [e.kind for e in _ask(qtbot, desk.history, ids[0])] == ["correction", "rating"]


def test_restore_tells_and_brings_the_labels_back(qtbot, desk):
    ids = _ids(desk)
    qtbot.waitUntil(lambda: bool(desk.backups()))
    _edited(qtbot, desk, desk.flag, ids[:1], "reject", "unusable")
    qtbot.waitUntil(lambda: desk.seen["all"].reason[0] == "unusable")
    empty = desk.backups()[-1].path
    with qtbot.waitSignals([desk.noticed, desk.columns_ready]):
        desk.restore(empty)
    before = desk.backups()[0]
    assert before.kind == "before restore"
    with qtbot.waitSignals([desk.noticed, desk.columns_ready]):
        desk.restore(before.path)
    qtbot.waitUntil(lambda: desk.seen["all"].reason[0] == "unusable")


def test_forget_counts_first_then_removes(qtbot, desk):
    ids = _ids(desk)
    _edited(qtbot, desk, desk.label, ids, 0.25)
    traces = _ask(qtbot, desk.forget_count, ids[:2])
    assert (traces.images, traces.events) == (2, 2)
    lists = desk.library.snapshots_dir / "list.csv"
    lists.parent.mkdir(exist_ok=True)
    lists.write_text("path\n")
    with pytest.MonkeyPatch.context() as spy:
        spy.setattr(manifests, "read", lambda file: pytest.fail(f"{file} is read again, and labels wait for that"))
        with qtbot.waitSignal(desk.columns_ready):
            assert _ask(qtbot, desk.forget, traces, False).images == 2
    qtbot.waitUntil(lambda: _ids(desk) == ids[2:])
    assert _ask(qtbot, desk.people_of, ids[2:3]) == ids[2:3]


def test_features_of_a_forgotten_image_are_gone_from_the_cache_and_from_runs(qtbot, desk, tmp_path):
    with qtbot.waitSignal(desk.scoring.finished):
        desk.scoring.resume()
        desk.scoring.refresh()
    qtbot.waitUntil(lambda: len(desk.features) == 6)
    ids, key = _ids(desk), Key.of(read_bundle(desk.model.path))
    with desk.library.read() as session:
        shas = dict(session.execute(select(Image.id, Image.sha256)).all())
    manifest = Manifest(tuple(Row(path, sha256=shas[i]) for i, path in catalog.paths(desk.library, ids).items()))
    run = RunDirectory.create(desk.library.runs_dir / "used", recipe=depths.named("personalise"), manifest=manifest)
    runs.add_run(desk.library, run.path, "personalise")
    table = desk.features.get(key, shas.values())
    table.write(run.features_file)

    gone, left = shas[ids[0]], shas[ids[1]]
    traces = _ask(qtbot, desk.forget_count, ids[:1])
    _ask(qtbot, desk.forget, traces, False)
    assert set(Table.read(run.features_file).rows) == {shas[i] for i in ids[1:]}
    table.write(run.features_file)  # by a run that had read it before
    retrain_plan.take_features(desk.library, run, desk.features)
    assert set(desk.features.get(key, [gone, left]).rows) == {left}
    kept = b"".join(file.read_bytes() for file in desk.features.file.parent.glob("features.sqlite*"))
    assert left.encode() in kept
    assert gone.encode() not in kept


def test_forgetting_reads_no_manifest_while_labels_wait(qtbot, desk):
    """The dialog has counted; what it found is taken, though the lists cannot be read any more."""
    ids = _ids(desk)
    run = RunDirectory.create(desk.library.runs_dir / "used", recipe=recipes.load("tiny"), manifest=Manifest(()))
    runs.add_run(desk.library, run.path, "tiny")
    traces = _ask(qtbot, desk.forget_count, ids[:1])
    run.manifest_file.write_text("no list")
    assert _ask(qtbot, desk.forget, traces, False) is traces


def test_a_renamed_file_is_noticed_and_keeps_its_label(qtbot, desk, faces):
    ids = _ids(desk)
    with qtbot.waitSignal(desk.scoring.finished):  # its bytes are known then
        desk.scoring.resume()
        desk.scoring.refresh()
    _edited(qtbot, desk, desk.label, ids[:1], 0.25)
    qtbot.waitUntil(lambda: desk.watcher.is_watching(1))
    os.rename(faces / "face_000.jpg", faces / "renamed.jpg")
    pictures.save(pictures.face(50), faces / "new.jpg")

    def found() -> bool:
        rows = desk.seen["all"]
        here = {rows.name[i]: (int(rows.id[i]), float(rows.mos[i])) for i in np.flatnonzero(~rows.missing)}
        return here.get("renamed.jpg") == (ids[0], 0.25) and "new.jpg" in here and len(here) == 7

    qtbot.waitUntil(found)


def test_two_windows_may_open_a_new_library_at_once(tmp_path):
    """Each brings the bundled models into it and makes the backup of the day."""
    opened = []

    def open_one():
        library = open_library(tmp_path / "library")
        opened.append(library)
        library.backup_if_due()

    errors = at_once(open_one)
    for library in opened:
        library.close()
    assert errors == []
    found = [read_bundle(model).id for model in (tmp_path / "library" / "models").glob("*.onnx")]
    assert len(set(found)) == len(found) == len(resources.BUNDLED)
    assert not list((tmp_path / "library").rglob("*.partial"))


def test_after_an_older_backup_is_restored_every_label_is_its_rater_s(qtbot, desk):
    """The backup knows neither this sitting nor who came since; another person has got the number."""
    ids = _ids(desk)
    with desk.library.write() as session:
        session.execute(delete(WorkSession))  # as in a backup from before the window was opened
        session.execute(delete(Rater))
    backup = desk.library.backup_if_due(datetime(2100, 1, 1, tzinfo=UTC))
    other = people.sit_down(desk.library, "Bea")
    assert other.rater.id == desk.rater.id
    desk.label(ids[:1], 0.25)
    desk.restore(backup)
    desk.label(ids[1:2], 0.5)
    desk.label(ids[2:3], 0.75)
    qtbot.waitUntil(lambda: np.isfinite(desk.seen["all"].mos).sum() == 2 and np.isnan(desk.seen["all"].mos[0]))
    assert desk.rater.name == "Ann"
    by = {entry.who for i in ids for entry in past.history(desk.library, i)}
    assert by == {"Ann"}
    _edited(qtbot, desk, desk.undo)


def test_what_came_while_no_window_was_open_is_found_unasked(qtbot, tmp_path, faces):
    library = open_library(tmp_path / "library")
    catalog.add_folder(library, faces)
    catalog.add_folder(library, tmp_path / "unplugged")
    desk, said = Desk(library, "Ann"), []
    for signal in (desk.scanner.found, desk.scanner.failed, desk.failed):
        signal.connect(said.append)
    with qtbot.waitSignal(desk.scanner.done) as told:
        desk.start()
    assert (told.args[0].quiet, told.args[0].found) == (True, 6)
    assert said == []
    assert desk.close(waiting.LONG_S) == []
