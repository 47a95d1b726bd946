"""A real library, a real writer and real pictures for the services."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest

from app.library import catalog, edits, models, people
from app.library.columns import load
from app.library.library import Library
from app.services import worker
from app.services.images.scanning import Scanner
from app.services.training.retraining import RetrainingService
from app.services.writer import Writer
from tests import bundles, pictures, run_script, waiting


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    """Before a fixture closes what a thread still works on."""
    worker.stop_all(waiting.LONG_S)


@pytest.fixture(autouse=True)
def _no_thread_left(qapp):
    """Every test ends what it began."""
    yield
    assert worker.stop_all(waiting.LONG_S) == []


@pytest.fixture
def faces(tmp_path):
    """A folder with six small faces."""
    pictures.folder(tmp_path / "faces", 6)
    return tmp_path / "faces"


@pytest.fixture
def library(tmp_path):
    """An empty library."""
    with Library.create(tmp_path / "library") as made:
        yield made


@pytest.fixture
def writer(library, qapp):
    """The library's writer."""
    made = Writer()
    yield made
    assert made.close(waiting.LONG_S)


@pytest.fixture
def bundle(tmp_path):
    """A real small model."""
    return bundles.write(tmp_path / "model.onnx", size=32)


@pytest.fixture
def scan(qtbot, library, writer):
    """`scan(folder)` puts its images into the library and gives the folder's id."""

    def run(folder):
        folder_id = catalog.add_folder(library, folder)
        scanner = Scanner(library, writer)
        with qtbot.waitSignal(scanner.done):
            scanner.scan(folder_id)
        return folder_id

    return run


@pytest.fixture
def labelled(library, writer, scan, tmp_path):
    """30 labelled images of 30 people, and a model in use that has its weights beside it."""
    pictures.folder(tmp_path / "faces", 30, size=(64, 64))
    scan(tmp_path / "faces")
    rater = people.ensure_rater(library, "Ada")
    session = people.start_session(library, rater.id)
    for number, image_id in enumerate(load(library, model_id="", preprocessing_id="").id.tolist()):
        edits.correct(library, [image_id], (number % 11) / 10, rater_id=rater.id, session_id=session)
    (tmp_path / "base.safetensors").write_bytes(b"weights")
    first = bundles.write(tmp_path / "base.onnx", size=32)
    models.activate(library, models.register(library, first).id)
    return first


@pytest.fixture
def service(library, writer, labelled, tmp_path):
    """A retraining service whose jobs are a script that learns nothing."""
    made = RetrainingService(library, writer, command=run_script.command(tmp_path))
    yield made
    run = made.run
    made.close()
    if run is not None and run.state.is_alive():
        psutil.Process(run.state.pid).kill()
