"""The first screen of a large library: what the gallery would show first, asked of the database."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import event, update

from app.library import calibrators, edits, models
from app.library.catalog import ScoredImage, record_scores
from app.library.columns import load
from app.library.first_screen import first_ids
from app.library.query import sorting
from app.library.schema import Image
from app.ui.gallery.filtering import name_ranks, order
from engine import calibrate
from tests import bundles

COUNT = 12
PLATEAU = calibrate.Calibrator("isotonic", (0.0, 0.5, 0.9), (0.1, 0.6, 0.6), (0.0, 0.5, 0.5), (0.3, 0.7, 0.7), 30, 30)
"""All scores from 0.5 on are 0.6 to the curators: many images share the first place."""


@pytest.fixture
def crowd(desk, tmp_path):
    """Sixty images: equal scores, copies, some unscored, some gone, a third of them labelled."""
    chance = np.random.default_rng(1)
    ids = desk.ids + desk.add(*(f"{name}_{i}.JPG" for i, name in enumerate(chance.permutation(list("abcXYZ") * 9))))
    row = models.register(desk.library, bundles.write(tmp_path / "m.onnx", size=32))
    models.activate(desk.library, row.id)
    scored = chance.permutation(ids)[:-8].tolist()
    found = [
        ScoredImage(i, f"{n // 2:064}", 40 + n % 5, 50 + n % 3, float(np.float32((n // 2 * 7 % 10) / 10)), None)
        for n, i in enumerate(scored)
    ]
    record_scores(desk.library, row.id, row.preprocessing_id, found)
    for n, image_id in enumerate(ids[::3]):
        edits.correct(desk.library, [image_id], (n * 3 % 11) / 10, **desk.who)
        edits.rate(desk.library, [image_id], (n % 5) / 4, **desk.other(f"Bea {n % 3}"))
    with desk.library.write() as session:
        session.execute(update(Image).where(Image.id.in_([scored[0], ids[3], ids[-1]])).values(missing=True))
    return row


def _in_the_gallery(columns, sort, descending):
    ranking = name_ranks(columns) if sort == "name" else sorting.values(columns, sort)
    rows = order(columns, np.flatnonzero(~columns.missing), ranking, descending=descending)
    return columns.id[rows][:COUNT].tolist()


@pytest.mark.parametrize("calibrated", [False, True])
def test_the_first_rows_of_every_sort_are_those_of_the_gallery(desk, crowd, calibrated):
    if calibrated:
        calibrators.activate(desk.library, calibrators.add(desk.library, crowd.id, PLATEAU).id)
    scored = {"model_id": crowd.id, "preprocessing_id": crowd.preprocessing_id}
    columns = load(desk.library, **scored)
    asked = [key for key in ("name", *sorting.SORT_KEYS) if key != "extra"]
    for sort in asked:
        for descending in (True, False):
            found = first_ids(desk.library, **scored, sort=sort, descending=descending, count=COUNT)
            assert found == _in_the_gallery(columns, sort, descending), (sort, descending)


def test_without_a_model_the_first_rows_are_those_of_the_gallery_too(desk, crowd):
    columns = load(desk.library, model_id="", preprocessing_id="")
    found = first_ids(desk.library, model_id="", preprocessing_id="", sort="score", descending=True, count=COUNT)
    assert found == _in_the_gallery(columns, "score", True)


def test_a_small_library_and_an_unknown_sort_are_read_as_a_whole(desk, crowd):
    scored = {"model_id": crowd.id, "preprocessing_id": crowd.preprocessing_id, "descending": True}
    assert first_ids(desk.library, **scored, sort="score", count=30) is None
    assert first_ids(desk.library, **scored, sort="random", count=COUNT) is None


def test_the_first_screen_fetches_a_screen_of_rows_not_the_library(desk, crowd):
    fetched = []

    def count(_connection, cursor, statement, *_rest):
        fetched.append((statement, cursor))

    event.listen(desk.library._engine, "before_cursor_execute", count)
    scored = {"model_id": crowd.id, "preprocessing_id": crowd.preprocessing_id}
    first_ids(desk.library, **scored, sort="score", descending=True, count=COUNT)
    event.remove(desk.library._engine, "before_cursor_execute", count)
    whole = [text for text, _ in fetched if "image" in text and "limit" not in text and "count(*)" not in text]
    assert whole == []
