"""A real library, a real writer and real pictures for the services."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.library import catalog
from app.library.library import Library
from app.services import worker
from app.services.scanning import Scanner
from app.services.writer import Writer
from tests import bundles, pictures


@pytest.fixture(autouse=True)
def _no_thread_left(qapp):
    """Every test ends what it began."""
    yield
    assert worker.stop_all(10.0) == []


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
    assert made.close(10.0)


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
        with qtbot.waitSignal(scanner.done, timeout=20_000):
            scanner.scan(folder_id)
        return folder_id

    return run
