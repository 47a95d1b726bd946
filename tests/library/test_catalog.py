"""What the machine records: scans, contents, scores, problems, models, runs."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import numpy as np
import pytest

from app.library import catalog, columns, edits, models, runs
from app.library.catalog import ScanEntry, ScoredImage
from app.library.library import LibraryError
from tests import bundles


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def scored(image_id: int, score: float | None, content: str | None = None, error: str | None = None) -> ScoredImage:
    return ScoredImage(image_id, sha(content or f"bytes {image_id}"), 640, 480, score, error)


def record(desk, *results: ScoredImage, model: str = "m"):
    return catalog.record_scores(desk.library, model, "p", results)


# -- scan ------------------------------------------------------------------------------------------------------------


def test_a_scan_names_new_and_changed_images_only(desk):
    again = [ScanEntry(f"face_{i}.jpg", 100, 1) for i in range(6)]
    assert catalog.record_scan(desk.library, desk.folder_id, again).image_ids == ()
    news = catalog.record_scan(
        desk.library, desk.folder_id, [ScanEntry("face_1.jpg", 101, 1), ScanEntry("sub/new.jpg", 5, 5), again[0]]
    )
    assert set(news.image_ids) == {desk.ids[1], max(desk.ids) + 1}
    assert news.images
    assert not news.labels


def test_a_changed_file_keeps_its_id_and_label_and_is_read_again(desk):
    image = desk.ids[2]
    edits.correct(desk.library, [image], 0.75, **desk.who)
    record(desk, *(scored(i, 0.5) for i in desk.ids))
    assert len(catalog.unscored(desk.library, "m", "p")) == 0
    catalog.record_scan(desk.library, desk.folder_id, [ScanEntry("face_2.jpg", 222, 9)])
    assert list(catalog.unscored(desk.library, "m", "p")) == [image]
    row = columns.load(desk.library, model_id="m", preprocessing_id="p", ids=[image])
    assert (row.mos[0], row.size[0], row.mtime_ns[0], row.width[0]) == (0.75, 222, 9, 0)
    assert np.isnan(row.score[0])


def test_a_missing_file_is_marked_keeps_its_label_and_comes_back(desk):
    edits.correct(desk.library, desk.ids[:1], 0.75, **desk.who)
    left = [f"face_{i}.jpg" for i in range(1, 6)]
    assert catalog.finish_scan(desk.library, desk.folder_id, left).image_ids == (desk.ids[0],)
    assert list(desk.columns().missing) == [True] + [False] * 5
    assert desk.ids[0] not in catalog.unscored(desk.library, "m", "p")
    assert catalog.finish_scan(desk.library, desk.folder_id, ["face_0.jpg", *left]).image_ids == (desk.ids[0],)
    assert desk.mos()[0] == 0.75
    catalog.mark_missing(desk.library, desk.ids[:1])
    assert catalog.record_scan(desk.library, desk.folder_id, [ScanEntry("face_0.jpg", 100, 1)]).image_ids == (1,)
    assert not desk.columns().missing.any()


def test_paths_come_back_as_they_were_found(desk, tmp_path):
    names = ["ä ö/ü.jpg", "nfd_u\u0308.jpg", "with 'quotes' \"and\" %.jpg"]
    ids = desk.add(*names)
    assert catalog.paths(desk.library, ids) == {i: tmp_path / "faces" / n for i, n in zip(ids, names, strict=True)}
    rows = desk.columns()
    assert [rows.path[r] for r in rows.rows_of(ids)] == [str(tmp_path / "faces" / n) for n in names]


@pytest.mark.skipif(os.name == "nt", reason="names that are no Unicode")
def test_a_name_that_is_no_unicode_is_a_problem_not_a_crash(desk):
    name = os.fsdecode(b"bad\xff.jpg")
    (image,) = desk.add(name)
    assert [(p.image_id, p.reason) for p in catalog.problems(desk.library)] == [(image, catalog.BAD_NAME)]
    assert image not in catalog.unscored(desk.library, "m", "p")
    catalog.clear_problems(desk.library, [image])
    assert len(catalog.problems(desk.library)) == 1
    seen = [name, *(f"face_{i}.jpg" for i in range(6))]
    assert catalog.finish_scan(desk.library, desk.folder_id, seen).image_ids == ()


def test_folders_that_lie_in_one_another_share_their_images(desk, tmp_path):
    edits.correct(desk.library, desk.ids[:1], 0.75, **desk.who)
    assert catalog.add_folder(desk.library, tmp_path / "faces" / "inner") == desk.folder_id
    around = catalog.add_folder(desk.library, tmp_path)
    assert [f.path for f in catalog.folders(desk.library)] == [tmp_path]
    again = catalog.record_scan(desk.library, around, [ScanEntry(f"faces/face_{i}.jpg", 100, 1) for i in range(6)])
    assert again.image_ids == ()
    assert desk.columns().path[0] == str(tmp_path / "faces" / "face_0.jpg")
    assert desk.mos()[0] == 0.75
    assert catalog.add_folder(desk.library, tmp_path.parent / (tmp_path.name + "_2")) != around


# -- scores ----------------------------------------------------------------------------------------------------------


def test_scores_are_raw_and_belong_to_the_content(desk):
    changes = record(desk, scored(desk.ids[0], 1.25, "same"), scored(desk.ids[1], 1.25, "same"), scored(3, -0.5))
    assert changes.scores
    assert not changes.images
    rows = desk.columns()
    assert list(rows.score[:3]) == [1.25, 1.25, -0.5]
    assert (rows.width[0], rows.height[0]) == (640, 480)
    assert list(catalog.unscored(desk.library, "m", "p")) == desk.ids[3:]
    assert list(catalog.unscored(desk.library, "other", "p")) == desk.ids
    assert np.isnan(columns.load(desk.library, model_id="other", preprocessing_id="p").score).all()


def test_a_known_content_needs_no_new_score_and_keeps_its_first(desk):
    record(desk, scored(desk.ids[0], 0.25, "same"))
    record(desk, scored(desk.ids[1], 0.75, "same"))
    assert list(desk.columns().score[:2]) == [0.25, 0.25]


def test_unreadable_images_become_problems_until_they_are_cleared(desk):
    bad = ScoredImage(desk.ids[0], None, None, None, None, "No such file.")
    record(desk, bad, scored(desk.ids[1], None, error="Truncated."), scored(desk.ids[2], float("nan")))
    told = {p.image_id: p.reason for p in catalog.problems(desk.library)}
    assert told[desk.ids[0]] == "No such file."
    assert told[desk.ids[1]] == "Truncated."
    assert "no finite number" in told[desk.ids[2]]
    assert list(catalog.unscored(desk.library, "m", "p")) == desk.ids[3:]
    assert np.isnan(desk.columns().score[:3]).all()
    catalog.clear_problems(desk.library, desk.ids[:2])
    assert list(catalog.unscored(desk.library, "m", "p")) == [*desk.ids[:2], *desk.ids[3:]]
    record(desk, scored(desk.ids[0], 0.5))
    assert desk.ids[0] not in {p.image_id for p in catalog.problems(desk.library)}


def test_a_file_that_vanished_while_it_was_read_is_missing(desk):
    record(desk, ScoredImage(desk.ids[0], None, None, None, None, "gone", missing=True))
    assert desk.columns().missing[0]
    assert catalog.problems(desk.library) == []


def test_what_was_read_is_what_counts_when_the_file_changed_in_between(desk):
    record(desk, ScoredImage(desk.ids[0], sha("new"), 10, 20, 0.5, None, size=999, mtime_ns=77))
    rows = desk.columns()
    assert (rows.size[0], rows.mtime_ns[0]) == (999, 77)


# -- columns ---------------------------------------------------------------------------------------------------------


def test_columns_have_their_types_even_when_there_is_nothing(desk):
    empty, full = columns.load(desk.library, model_id="m", preprocessing_id="p", ids=[]), desk.columns()
    assert len(empty) == 0
    for name, array in vars(columns.Columns.empty()).items():
        assert array.dtype == vars(full)[name].dtype == vars(empty)[name].dtype, name
        assert len(vars(full)[name]) == 6
    assert full.name[3] == "face_3.jpg"


def test_patched_replaces_known_rows_and_appends_new_ones(desk):
    before = desk.columns()
    edits.correct(desk.library, desk.ids[4:5], 0.75, **desk.who)
    (new,) = desk.add("later.jpg")
    news = columns.load(desk.library, model_id="m", preprocessing_id="p", ids=[new, desk.ids[4]])
    after = before.patched(news)
    assert list(after.id) == [*desk.ids, new]
    assert after.mos[4] == 0.75
    assert after.name[6] == "later.jpg"
    assert np.isnan(before.mos[4]), "the columns that a view still shows do not change under it"
    assert list(after.rows_of([new, 12345, desk.ids[0]])) == [6, -1, 0]
    assert list(columns.Columns.empty().patched(before).id) == desk.ids


def test_a_hundred_thousand_images_are_recorded_and_read_quickly(desk):
    """Loose limits, for a loaded machine: several times what an idle one needs."""
    entries = [ScanEntry(f"d{i % 50}/img_{i:06d}.jpg", i, i) for i in range(100_000)]
    begin = time.process_time()
    for k in range(0, len(entries), 2000):
        catalog.record_scan(desk.library, desk.folder_id, entries[k : k + 2000])
    recorded = time.process_time()
    rows = desk.columns()
    read = time.process_time()
    assert len(rows) == 100_006
    assert recorded - begin < 10
    assert read - recorded < 2.5
    assert len(rows.patched(rows)) == 100_006


# -- models and runs -------------------------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path: Path):
    return bundles.write(tmp_path / "student.onnx")


def test_a_model_is_copied_listed_and_used(desk, bundle, tmp_path):
    (tmp_path / "student.safetensors").write_bytes(b"weights")
    row = models.register(desk.library, bundle)
    assert row.path.read_bytes() == bundle.path.read_bytes()
    assert row.path.parent == desk.library.models_dir
    assert row.checkpoint is not None
    assert row.checkpoint.read_bytes() == b"weights"
    assert (row.id, row.preprocessing_id, row.input_size) == (bundle.id, bundle.preprocessing_id, bundle.input_size)
    assert models.active(desk.library) is None
    assert models.activate(desk.library, row.id).models
    assert models.register(desk.library, bundle) == models.active(desk.library)

    other = models.register(desk.library, bundles.write(tmp_path / "other.onnx", bias=0.4), name="Other")
    models.activate(desk.library, other.id)
    assert [(m.name == "Other", m.active) for m in models.all_models(desk.library)] == [(False, False), (True, True)]
    with pytest.raises(LibraryError, match="no model"):
        models.activate(desk.library, "nonsense")
    assert models.active(desk.library).id == other.id


def test_a_bundle_that_is_gone_is_refused(desk, bundle):
    bundle.path.unlink()
    with pytest.raises(LibraryError, match="Cannot copy"):
        models.register(desk.library, bundle)
    assert models.all_models(desk.library) == []
    assert list(desk.library.models_dir.iterdir()) == []


def test_runs_are_listed_newest_first(desk, tmp_path):
    inside = runs.add_run(desk.library, desk.library.runs_dir / "run-1", "quick", "model", snapshot="a.csv")
    outside = runs.add_run(desk.library, tmp_path / "elsewhere", "tiny")
    runs.set_status(desk.library, inside, "running")
    runs.finish_run(desk.library, outside, "done", model_after="new")
    newest, oldest = runs.list_runs(desk.library)
    assert (newest.status, newest.model_after, newest.directory) == ("done", "new", tmp_path / "elsewhere")
    assert (oldest.status, oldest.directory) == ("running", desk.library.runs_dir / "run-1")
    assert runs.find_run(desk.library, inside) == oldest
    assert runs.find_run(desk.library, 99) is None
    with pytest.raises(LibraryError, match="no run"):
        runs.finish_run(desk.library, 99, "done")


def test_a_scan_of_a_folder_that_was_taken_over_ends_quietly(desk, tmp_path):
    seen = [f"face_{i}.jpg" for i in range(6)]
    halfway = catalog.compare_scan(desk.library, desk.folder_id, seen)
    around = catalog.add_folder(desk.library, tmp_path)
    assert not catalog.record_scan(desk.library, desk.folder_id, [catalog.ScanEntry("late.jpg", 1, 1)])
    catalog.settle_scan(desk.library, halfway)
    catalog.finish_scan(desk.library, desk.folder_id, seen)
    assert desk.columns().folder.tolist() == [around] * 6
    assert not desk.columns().missing.any()


def test_a_model_that_was_deleted_and_comes_again_knows_its_run(desk, bundle, tmp_path):
    run = runs.add_run(desk.library, tmp_path / "run", "tiny")
    runs.finish_run(desk.library, run, "done", model_after=bundle.id)
    first = models.register(desk.library, bundle, run_id=run)
    models.remove(desk.library, first.id)
    assert models.find(desk.library, bundle.id) is None
    assert models.register(desk.library, bundle).run_id == run
