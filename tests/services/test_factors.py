"""Quality factors in the background: measured once per content, going on after a stop."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from app.library import factors as stored
from app.library.columns import FACTORS, load
from app.services.scores.factors import FactorService
from app.services.scores.scoring import ScoringService
from tests import pictures


@pytest.fixture
def scored(qtbot, library, writer, bundle, scan, faces):
    """The six faces and a copy of the first, scored."""
    shutil.copyfile(faces / "face_000.jpg", faces / "copy.jpg")
    scan(faces)
    scoring = ScoringService(library, writer)
    with qtbot.waitSignal(scoring.finished):
        scoring.set_model(bundle)
    scoring.stop()
    return library


def _columns(library):
    return load(library, model_id="", preprocessing_id="")


def test_every_content_is_measured_once_and_read_into_the_columns(qtbot, scored, writer):
    service = FactorService(scored, writer)
    assert len(stored.unmeasured(scored)) == 6
    with qtbot.waitSignal(service.finished):
        service.start()
    rows = _columns(scored)
    for name in FACTORS:
        assert np.isfinite(getattr(rows, name)).all()
    copy, first = (list(rows.name).index(n) for n in ("copy.jpg", "face_000.jpg"))
    assert rows.sharpness[copy] == rows.sharpness[first]
    blurred = [i for i, n in enumerate(rows.name) if n in ("face_002.jpg", "face_005.jpg")]
    assert rows.sharpness[blurred].max() < rows.sharpness[first]
    assert stored.unmeasured(scored) == []
    with qtbot.waitSignal(service.finished):
        service.refresh()
    service.stop()


def test_a_file_that_changed_meanwhile_is_left_to_the_next_scan(qtbot, scored, writer, faces):
    pictures.save(pictures.face(99), faces / "face_001.jpg")
    service = FactorService(scored, writer)
    with qtbot.waitSignal(service.finished):
        service.start()
    rows = _columns(scored)
    assert np.isnan(rows.sharpness[list(rows.name).index("face_001.jpg")])
    assert int(np.isnan(rows.sharpness).sum()) == 1
    service.stop()


def test_nothing_is_measured_before_somebody_asks(scored, writer):
    service = FactorService(scored, writer)
    service.refresh()
    assert not service.is_running()
