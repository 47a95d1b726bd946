"""Calibrate and Personalise seen from the services: features kept, no torch, a queue, another machine, suggestions."""

from __future__ import annotations

import sys
import textwrap

import numpy as np
import pytest

from app.library import calibrators, edits, models, people, snapshot
from app.library.columns import load
from app.services.scores.feature_cache import FeatureCache, FeatureCacheError
from app.services.scores.scoring import ScoringService
from app.services.training import depths, packing, retrain_plan, run_index
from app.services.training.retraining import RetrainingService
from app.services.training.run_given import RetrainingError
from app.services.training.run_index import HANDED_OVER, QUEUED
from app.ui.training.notify import Notifier
from app.ui.training.suggest import AFTER, Suggestion
from engine import calibrate, calibrator_file, light_run
from engine.bundle import read_bundle
from engine.features import Key, Table
from engine.run import RunDirectory
from tests import bundles, curator, waiting

FACES = 60
WITHOUT_TORCH = textwrap.dedent(
    """
    import sys

    class Lacking:
        def find_spec(self, name, *_):
            if name.partition(".")[0] in ("torch", "timm", "torchvision"):
                raise ModuleNotFoundError(f"no {name} here", name=name)

    sys.meta_path.insert(0, Lacking())
    from app.__main__ import main
    sys.exit(main())
    """
)
"""This program's own entry, in a world where torch cannot be imported."""


@pytest.fixture
def cache(tmp_path):
    made = FeatureCache(tmp_path / "cache" / "features.sqlite")
    yield made
    made.close()


@pytest.fixture
def labelled(library, writer, scan, tmp_path):
    """60 faces of 30 people with the labels of a curator who minds noise far more than blur, and a model in use."""
    made = curator.faces(tmp_path / "faces", FACES, side=64)
    lines = [f"{f.path.name},{f.person}" for f in made]
    (tmp_path / "faces" / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n")
    scan(tmp_path / "faces")
    rater = people.ensure_rater(library, "Ada")
    said = {str(f.path): f.mos for f in made}
    columns = load(library, model_id="", preprocessing_id="")
    for image_id, path in zip(columns.id.tolist(), columns.path, strict=True):
        edits.correct(library, [image_id], said[path], rater_id=rater.id, session_id=None)
    base = models.register(library, bundles.write(tmp_path / "base.onnx", size=32, name="base"))
    models.activate(library, base.id)
    return base


@pytest.fixture
def service(library, writer, labelled, cache):
    made = RetrainingService(
        library,
        writer,
        features=cache,
        command=lambda switch, path: [sys.executable, "-c", WITHOUT_TORCH, switch, str(path)],
    )
    made.crashed.connect(lambda how, lines: pytest.fail("\n".join([how, *lines])))
    yield made
    made.close()


@pytest.fixture
def score_all(qtbot, library, writer, cache):
    """Score the library with its active model, the way the window does."""

    def run():
        model = models.active(library)
        scoring = ScoringService(library, writer, workers=1, features=cache)
        with qtbot.waitSignal(scoring.finished):
            scoring.set_model(model.path)
        scoring.stop()
        assert scoring.wait(waiting.LONG_S)
        return load(library, model_id=model.id, preprocessing_id=model.preprocessing_id)

    return run


def test_the_cache_keeps_features_apart_by_backbone_and_survives_damage(tmp_path):
    file = tmp_path / "features.sqlite"
    cache = FeatureCache(file)
    one, two = Key("b1", "p"), Key("b2", "p")
    found = {f"{k:064}": np.full(8, k, np.float32) for k in range(700)}
    cache.put(one, found)
    again = cache.get(one, found)
    assert len(again) == 700
    assert np.array_equal(again.rows[f"{5:064}"], found[f"{5:064}"])
    assert len(cache.get(two, found)) == 0
    cache.forget([f"{5:064}"])
    assert f"{5:064}" not in cache.get(one, found).rows
    cache.close()
    file.write_bytes(b"no database" * 1000)
    with_damage = FeatureCache(file)
    assert len(with_damage) == 0
    with_damage.close()
    (tmp_path / "blocked").write_text("a file")
    with pytest.raises(FeatureCacheError):
        FeatureCache(tmp_path / "blocked" / "features.sqlite")


def test_a_full_cache_drops_the_oldest(tmp_path):
    cache = FeatureCache(tmp_path / "features.sqlite", cap_bytes=300_000)
    for start in range(0, 2000, 100):
        cache.put(Key("b", "p"), {f"{k:064}": np.zeros(64, np.float32) for k in range(start, start + 100)})
    assert len(cache) < 1000
    assert f"{1999:064}" in cache.get(Key("b", "p"), [f"{1999:064}"]).rows
    cache.close()


def test_personalise_without_torch_then_rescored_without_reading_an_image(
    qtbot, library, writer, service, score_all, cache, tmp_path
):
    before = score_all()
    assert len(cache) == FACES
    run = service.prepare("personalise")
    assert len(Table.read(run.features_file)) == FACES  # nothing is left to look at
    with qtbot.waitSignal(service.ended, timeout=240_000) as ended:
        service.enqueue(run)
    assert ended.args[0].status == "done", ended.args[0].message
    writer.flush(waiting.LONG_S)
    retrain_plan.promote(library, run)
    (tmp_path / "faces").rename(tmp_path / "away")  # only the cache knows what the faces look like
    after = score_all()
    assert np.isfinite(after.score).all()
    assert not np.allclose(after.score, before.score, atol=0.01)
    new = models.active(library)
    assert new.card["backbone_id"] == read_bundle(service.run.model_file).card.backbone_id
    assert calibrators.active(library, new.id) is not None
    assert np.isfinite(after.calibrated_low).all()
    assert depths.choices(library, snapshot.look(library), new, has_weights=False)[0].reason.startswith("The model in")


def test_a_queue_runs_one_after_the_other_and_outlives_the_window(qtbot, library, writer, service, cache):
    first, second, third = (service.prepare(name) for name in ("calibrate", "personalise", "calibrate"))
    started = []
    service.next_started.connect(lambda run: started.append(run.path))
    service.enqueue(first)
    service.enqueue(second)
    service.enqueue(third)
    qtbot.waitUntil(lambda: [run.path for run in service.waiting()] == [second.path, third.path])
    service.unqueue(third)
    writer.flush(waiting.LONG_S)
    status = {row.run.path: row.row.status for row in service.history()}
    assert status[second.path] == QUEUED
    run_index.discard(library, second)  # what waits is not taken for something measured and forgotten
    assert second.job_file.exists()
    qtbot.waitUntil(service.is_running)

    again = RetrainingService(library, writer, features=cache, command=service._command)
    service.close()  # the window goes; the first goes on by itself
    again.attach(first)
    again.next_started.connect(lambda run: started.append(run.path))
    again.take_up_queue()
    qtbot.waitUntil(lambda: second.state.status == "done", timeout=240_000)
    assert first.state.status == "done"
    assert started == [first.path, second.path]
    assert third.state.status == "created"
    qtbot.waitUntil(lambda: not again.is_running())
    again.close()


def test_handed_to_another_machine_and_taken_back(library, labelled, tmp_path, cache):
    with pytest.raises(RetrainingError, match="handed to another machine"):
        packing.take_back(library, tmp_path)
    run = packing.hand_over(library, "personalise", tmp_path / "packed", features=cache)
    assert run_index.history(library)[0].row.status == HANDED_OVER
    (tmp_path / "packed").rename(tmp_path / "elsewhere")
    light_run.execute(RunDirectory.open(tmp_path / "elsewhere"))
    back = packing.take_back(library, tmp_path / "elsewhere")
    assert back.path == run.path
    assert calibrator_file.read_for(back.calibrator_file, read_bundle(back.model_file).id).labels > 0
    assert run_index.history(library)[0].row.status == "done"
    retrain_plan.promote(library, back)
    assert models.active(library).id == read_bundle(run.model_file).id


def test_where_percentiles_are_shown_a_personal_model_goes_on_with_its_own(library, labelled, cache):
    """Its calibrator lies ready in the menu; without percentiles before it is what is shown (see above)."""
    calibrators.use_percentiles(library, labelled.id, calibrate.percentile(np.linspace(0, 1, 100), "all faces"))
    run = retrain_plan.prepare(library, "personalise", features=cache)
    light_run.execute(run)
    retrain_plan.promote(library, run)
    promoted = models.active(library)
    shown = calibrators.active(library, promoted.id)
    assert shown.kind == calibrators.PERCENTILE
    assert shown.calibrator.reference.startswith("the faces of its training (")
    (fitted,) = (row for row in calibrators.versions(library, promoted.id) if row.kind != calibrators.PERCENTILE)
    calibrators.activate(library, fitted.id)
    retrain_plan.promote(library, run)  # once more, from the history: what was chosen since stays
    assert calibrators.active(library, promoted.id).id == fitted.id


def test_what_cannot_be_packed_leaves_no_run_behind(library, labelled, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(Exception, match="exists already"):
        packing.hand_over(library, "calibrate", tmp_path / "there")
    assert run_index.history(library) == []


def test_a_suggestion_comes_once_and_only_where_it_is_wanted(qtbot, library, labelled, monkeypatch):
    monkeypatch.setattr("app.ui.training.suggest.AFTER", FACES)
    assert AFTER == 200
    wanted, told = [], []
    suggestion = Suggestion(library, lambda: bool(wanted), None)
    suggestion.suggested.connect(told.append)
    suggestion.look()
    assert not suggestion._counting
    wanted.append(True)
    suggestion.look()
    qtbot.waitUntil(lambda: told == [FACES])
    qtbot.waitUntil(lambda: not suggestion._counting)
    suggestion.look()
    qtbot.waitUntil(lambda: not suggestion._counting)
    assert told == [FACES]


def test_without_a_tray_nothing_is_said_and_nothing_fails(qtbot):
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    assert Notifier(window).tell("Training", "done") is False
