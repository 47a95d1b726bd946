"""Live scores: complete, in the order of the moment, resumable, with two models, with broken and vanishing files."""

from __future__ import annotations

import shutil
import threading

import numpy as np
import pytest

from app.library import catalog, edits, forget, people
from app.library.columns import load
from app.services.scores.feature_cache import FeatureCache
from app.services.scores.score_queue import ScoreQueue
from app.services.scores.scoring import ScoringService
from engine.features import Key
from engine.scoring import Scorer
from tests import bundles, pictures, waiting


@pytest.fixture
def scoring(library, writer):
    made = ScoringService(library, writer, workers=2)
    yield made
    made.stop()
    assert made.wait(waiting.LONG_S)


def _columns(library, bundle):
    return load(library, model_id=bundle.id, preprocessing_id=bundle.preprocessing_id)


def _score_all(qtbot, scoring, bundle):
    with qtbot.waitSignal(scoring.finished):
        scoring.set_model(bundle)


def _first_batch_waits(qtbot, writer, scoring, bundle):
    """Scoring has begun, and what it has scored waits for the writer until this event is set."""
    gate, entered = threading.Event(), threading.Event()
    writer.submit(lambda: (entered.set(), gate.wait(waiting.LONG_S)))
    assert entered.wait(waiting.LONG_S)
    scoring.set_model(bundle)
    qtbot.waitUntil(lambda: writer.pending() > 1)  # the first is the one that waits
    return gate


def test_the_queue_serves_the_screen_first():
    queue = ScoreQueue()
    queue.fill(range(10))
    assert queue.take() == 0
    queue.prefer([7, 3], [8])
    assert [queue.take() for _ in range(4)] == [7, 3, 8, 1]
    queue.prefer([9, 2])
    assert queue.upcoming()[:2] == [9, 2]
    assert [queue.take() for _ in range(6)] == [9, 2, 4, 5, 6, None]
    assert queue.unsettled == 10
    queue.settle(range(8))
    queue.fill([1, 9])  # 9 is under way still
    assert queue.take() == 1
    queue.put_back()
    assert {queue.take() for _ in range(3)} == {1, 8, 9}


def test_every_image_gets_the_engines_score_and_progress_ends_at_all(
    qtbot, library, writer, scoring, scan, faces, bundle
):
    scan(faces)
    progress, where, changes = [], [], []
    scoring.progress.connect(lambda *a: progress.append(a))
    scoring.provider.connect(where.append)
    scoring.scored.connect(changes.append)
    _score_all(qtbot, scoring, bundle)
    columns = _columns(library, bundle)
    expected = {row.path.name: row.score for row in Scorer(bundle, workers=1).score(sorted(faces.iterdir()))}
    assert {n: pytest.approx(s, abs=1e-5) for n, s in zip(columns.name, columns.score, strict=True)} == expected
    assert progress[-1][:2] == (6, 6)
    assert where[0].startswith("CPU")
    qtbot.waitUntil(lambda: sorted(i for c in changes for i in c.image_ids) == columns.id.tolist())
    assert all(c.scores for c in changes)


def test_what_is_forgotten_between_scoring_and_storing_does_not_come_back(
    qtbot, library, writer, scan, faces, bundle, tmp_path
):
    scan(faces)
    cache = FeatureCache(tmp_path / "features.sqlite")
    scoring = ScoringService(library, writer, workers=1, features=cache)
    image_id = int(_columns(library, bundle).id[0])
    who = {"rater_id": people.ensure_rater(library, "Ada").id, "session_id": None}
    with qtbot.waitSignal(scoring.finished):
        gate = _first_batch_waits(qtbot, writer, scoring, bundle)
        writer.submit(forget.forget, library, [image_id], **who)
        gate.set()
    scoring.stop()
    assert scoring.wait(waiting.LONG_S)
    assert np.isfinite(_columns(library, bundle).score).sum() == 5
    contents = [row.sha256 for row in Scorer(bundle, workers=1).score(sorted(faces.iterdir()))]
    known = catalog.known_contents(library, contents)
    assert len(known) == 5
    assert set(cache.get(Key.of(bundle), contents).rows) == known
    cache.close()


def test_what_is_on_screen_is_scored_first_also_after_scrolling(
    qtbot, library, writer, scoring, scan, tmp_path, bundle
):
    pictures.folder(tmp_path / "many", 400, size=(160, 160))
    scan(tmp_path / "many")
    ids = _columns(library, bundle).id.tolist()
    order = []
    scoring.scored.connect(lambda c: order.extend(c.image_ids))
    scoring.set_viewport(ids[300:310], ids[310:320])
    gate = _first_batch_waits(qtbot, writer, scoring, bundle)
    scoring.set_viewport(ids[380:390])
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 400)
    assert set(ids[300:310]) <= set(order[:64])
    # What was pulled or scored before the scroll (two batches that wait, one being gathered) comes first.
    assert set(ids[380:390]) <= set(order[: 3 * 64 + 32])


def test_stop_and_restart_scores_only_what_is_left(qtbot, library, writer, scan, tmp_path, bundle):
    pictures.folder(tmp_path / "many", 400, size=(160, 160))
    scan(tmp_path / "many")
    first, before = ScoringService(library, writer, workers=2), []
    first.scored.connect(lambda c: before.extend(c.image_ids))
    gate = _first_batch_waits(qtbot, writer, first, bundle)
    first.stop()
    gate.set()
    assert first.wait(waiting.LONG_S)
    assert writer.flush(waiting.LONG_S)
    qtbot.waitUntil(lambda: len(before) + len(catalog.unscored(library, bundle.id, bundle.preprocessing_id)) == 400)
    assert 0 < len(before) < 400
    second, after = ScoringService(library, writer, workers=2), []
    second.scored.connect(lambda c: after.extend(c.image_ids))
    _score_all(qtbot, second, bundle)
    qtbot.waitUntil(lambda: len(before) + len(after) == 400)
    assert not set(before) & set(after)
    second.stop()
    assert second.wait(waiting.LONG_S)


def test_pause_and_resume(qtbot, library, writer, scoring, scan, tmp_path, bundle):
    pictures.folder(tmp_path / "many", 300, size=(160, 160))
    scan(tmp_path / "many")
    gate = _first_batch_waits(qtbot, writer, scoring, bundle)
    scoring.pause()
    assert scoring.is_paused()
    gate.set()
    left = lambda: len(catalog.unscored(library, bundle.id, bundle.preprocessing_id))  # noqa: E731
    # The images under way are stored, then it is quiet: the last progress message says where.
    told = []
    scoring.progress.connect(lambda done, total, _: told.append((done, total)))
    qtbot.waitUntil(lambda: bool(told) and told[-1][0] == 300 - left())
    assert left() > 0
    with qtbot.waitSignal(scoring.finished):
        scoring.resume()
    assert left() == 0


def test_another_model_scores_anew_and_the_first_ones_scores_stay(
    qtbot, library, writer, scoring, scan, faces, bundle, tmp_path
):
    scan(faces)
    _score_all(qtbot, scoring, bundle)
    other = bundles.write(tmp_path / "other.onnx", size=32, gain=2.0)
    one = _columns(library, bundle).score
    _score_all(qtbot, scoring, other.path)
    assert np.array_equal(_columns(library, bundle).score, one)
    assert not np.isnan(_columns(library, other).score).any()
    assert not np.allclose(_columns(library, other).score, one)


def test_new_images_are_scored_after_refresh_and_two_copies_share_a_score(
    qtbot, library, writer, scoring, scan, faces, bundle
):
    scan(faces)
    _score_all(qtbot, scoring, bundle)
    shutil.copy(faces / "face_000.jpg", faces / "twin.jpg")
    scan(faces)
    with qtbot.waitSignal(scoring.finished):
        scoring.refresh()
    columns = _columns(library, bundle)
    score = dict(zip(columns.name, columns.score, strict=True))
    assert len(score) == 7
    assert score["twin.jpg"] == score["face_000.jpg"]


def test_broken_files_become_problems_and_a_vanished_one_is_missing(
    qtbot, library, writer, scoring, scan, tmp_path, bundle
):
    folder = tmp_path / "mixed"
    broken = pictures.broken_folder(folder)
    pictures.folder(folder, 2)
    scan(folder)
    (folder / "face_001.jpg").unlink()  # between scan and decode
    _score_all(qtbot, scoring, bundle)
    columns = _columns(library, bundle)
    names = list(columns.name)
    assert {p.path.name for p in catalog.problems(library)} == {p.name for p in broken}
    assert columns.missing.tolist() == [n == "face_001.jpg" for n in names]
    assert np.isfinite(columns.score).tolist() == [n == "face_000.jpg" for n in names]


def test_a_file_that_is_no_bundle_fails_in_one_sentence(qtbot, library, scoring, scan, faces, bundle, tmp_path):
    scan(faces)
    (tmp_path / "no.onnx").write_bytes(b"nothing")
    with qtbot.waitSignal(scoring.failed) as failed:
        scoring.set_model(tmp_path / "no.onnx")
    assert "no.onnx" in failed.args[0]
    _score_all(qtbot, scoring, bundle)


def test_no_label_waits_for_scores_that_pour_in(qtbot, library, writer, scoring, scan, tmp_path, bundle):
    """How many milliseconds that takes on a quiet machine is measured by the benchmarks."""
    pictures.folder(tmp_path / "seed", 40)
    scan(tmp_path / "seed")
    ids = _columns(library, bundle).id.tolist()
    rater = people.ensure_rater(library, "Ada")
    session = people.start_session(library, rater.id)
    scores, errors = [], []

    def note(future):
        scores.append(40 - len(catalog.unscored(library, bundle.id, bundle.preprocessing_id)))
        errors.append(future.exception())

    gate = _first_batch_waits(qtbot, writer, scoring, bundle)
    for image_id in ids:
        who = {"rater_id": rater.id, "session_id": session}
        writer.submit(edits.correct, library, [image_id], 0.5, **who).add_done_callback(note)
    with qtbot.waitSignal(scoring.finished):
        gate.set()
    assert errors == [None] * 40
    assert scores == [0] * 40  # when the last label was durable, not one of the scores before it was
    assert len(catalog.unscored(library, bundle.id, bundle.preprocessing_id)) == 0
