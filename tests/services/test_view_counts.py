"""Counting the views: the numbers are those of choosing them, and few rows are read for them."""

from __future__ import annotations

import pytest

import resources
from app.library import catalog, columns, edits, models, people
from app.library.catalog import ScoredImage, record_scores
from app.library.library import Library
from app.library.query import compile_query, load_context
from app.library.views import STANDING, NamedView
from app.services.view_counts import ViewCounter
from engine.bundle import read_bundle

COUNT = 80
OWN = (
    NamedView("low", "mos:<0.3"),
    NamedView("held out", "split:test"),
    NamedView("held out and labelled", "split:test mos:any"),
    NamedView("either", "mos:any OR is:flagged"),
    NamedView("not", "NOT mos:any"),
)


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as made:
        yield made


@pytest.fixture
def filled(library, tmp_path):
    """Eighty images of forty people, scored, half of them labelled, some far from their score."""
    folder = catalog.add_folder(library, tmp_path / "faces")
    found = catalog.record_scan(library, folder, [catalog.ScanEntry(f"p{i // 2}_{i}.jpg", 9, 1) for i in range(COUNT)])
    model = models.register(library, read_bundle(resources.default_model()))
    models.activate(library, model.id)
    ids = list(found.image_ids)
    scores = [ScoredImage(i, f"{i:064}", 64, 64, 0.5, None) for i in ids]
    record_scores(library, model.id, model.preprocessing_id, scores)
    rater = people.ensure_rater(library, "Ann")
    who = {"rater_id": rater.id, "session_id": people.start_session(library, rater.id)}
    for n, image_id in enumerate(ids[::2]):
        edits.correct(library, [image_id], 1.0 if n % 13 == 0 else 0.5 + 0.001 * n, **who)
    edits.flag(library, ids[:3], "reject", **who)
    return columns.load(library, model_id=model.id, preprocessing_id=model.preprocessing_id)


def test_counts_are_what_choosing_the_view_shows(qtbot, library, filled):
    counter = ViewCounter(library)
    views = [*STANDING, *OWN]
    with qtbot.waitSignal(counter.counted) as counted:
        counter.count(filled, views, "Ann")
    shown = {}
    for view in views:
        predicate = compile_query(view.query)
        shown[view.name] = predicate.of(filled, load_context(library, predicate.needs, "Ann"))
    assert counted.args[0] == shown
    assert shown["Disagreement"]
    assert shown["Suspect"]


def test_what_asks_for_labels_divides_the_labelled_images_only(library, filled):
    everything = load_context(library, {"split"}).splits
    few = load_context(library, {"split"}, only_labelled=True).splits
    assert few == {i: everything[i] for i in filled.id[::2].tolist()}
    assert compile_query("is:suspect").only_labelled
    assert compile_query("difference:any -split:test").only_labelled
    for query in ("", "split:test", "NOT mos:any", "mos:any OR is:flagged", "mos:none"):
        assert not compile_query(query).only_labelled, query
