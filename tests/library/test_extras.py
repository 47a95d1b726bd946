"""Extra scores in a library: registered once, never in use, scored by content, gone with their files."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import resources
from app.library import catalog, columns, extras, models
from app.library.catalog import ScanEntry, ScoredImage
from app.library.errors import LibraryError
from app.library.library import Library
from engine.baselines import registry
from engine.baselines.contract import NotFittedError


@pytest.fixture
def library(tmp_path):
    """Two images of one content, and one whose bytes nobody has read."""
    with Library.create(tmp_path / "library") as made:
        folder = catalog.add_folder(made, tmp_path / "faces")
        catalog.record_scan(made, folder, [ScanEntry(f"{k}.png", 10, k) for k in range(3)])
        read = [ScoredImage(i, "a" * 64, 300, 200, 0.5, None) for i in (1, 2)]
        catalog.record_scores(made, "in use", "p", read)
        yield made


def load(library, extra):
    return columns.load(library, model_id="in use", preprocessing_id="p", extra=(extra.id, extra.preprocessing_id))


def test_registered_once_under_a_name_of_its_own(library, tmp_path):
    first = extras.register(library, "niqe")
    assert extras.register(library, "niqe") == first
    assert first.is_extra
    assert not first.as_mos
    assert (first.name, first.path.is_dir()) == ("NIQE", True)
    for said in ("sign turned", "higher is better", "0 and less", "Mittal", "CC BY 4.0", first.id):
        assert said in first.card["card"]
    other = registry.make("niqe")
    other.model = type(other.model)(other.model.mean + 1, other.model.covariance, "mine")
    registry.save(other, tmp_path / "mine")
    second = extras.register(library, str(tmp_path / "mine" / "niqe.npz"))
    assert second.name.startswith("NIQE ")
    assert [row.id for row in extras.all_extras(library)] == [first.id, second.id]
    assert sorted(p.name for p in library.models_dir.iterdir()) == sorted(r.path.name for r in (first, second))


def test_an_npz_with_a_model_of_niqe_is_enough(library):
    assert extras.register(library, str(resources.niqe_model())).id == extras.register(library, "niqe").id


def test_what_cannot_score_here_is_refused_in_a_sentence(library, tmp_path):
    for place, error, said in (
        (str(tmp_path), NotFittedError, "holds no fitted baseline"),
        ("constant", NotFittedError, "holds no fitted baseline"),
    ):
        with pytest.raises(error, match=said):
            extras.register(library, place)
    for note, error, said in (
        ('{"name": "constant"}', LibraryError, "the same number"),
        ('{"name": "mobilenetv2"}', NotFittedError, "kept by an earlier version"),
        ('{"name": "mobilenetv2", "card": {"name": "mobilenetv2", "kind": "network"}}', NotFittedError, "are missing"),
        ('["mobilenetv2"]', NotFittedError, "holds no fitted baseline"),
    ):
        (tmp_path / "baseline.json").write_text(note)
        with pytest.raises(error, match=said):
            extras.register(library, str(tmp_path))
    assert list(library.models_dir.iterdir()) == []


def test_a_network_is_copied_as_it_lies_and_its_packages_are_asked_for(library, tmp_path, monkeypatch):
    card = {"name": "liqe", "kind": "network", "params": 7, "fitted_on": "f" * 64, "notes": ["of pairs"]}
    (tmp_path / "baseline.json").write_text(json.dumps({"name": "liqe", "card": card}))
    (tmp_path / "network.safetensors").write_bytes(b"weights")
    (tmp_path / "last.safetensors").write_bytes(b"of the fit alone")
    extra = extras.register(library, str(tmp_path / "baseline.json"))
    assert extras.is_network(extra)
    assert not extras.is_network(extras.register(library, "niqe"))
    assert sorted(p.name for p in extra.path.iterdir()) == ["baseline.json", "network.safetensors"]
    for said in ("Parameters: 7.", "Of pairs."):
        assert said in extra.card["card"]
    assert extra.card["label_provenance"] == "labels of manifest ffffffffffff"
    monkeypatch.setattr(registry, "find_spec", lambda name: None if name == "open_clip" else name)
    with pytest.raises(NotFittedError, match=r"LIQE needs packages that are not installed \(open_clip\)"):
        extras.register(library, str(tmp_path))


def test_scores_by_content_for_every_image_that_has_it(library):
    extra = extras.register(library, "sharpness")
    (waiting,) = extras.unscored(library, extra)
    assert (waiting.sha256, waiting.width, waiting.height, waiting.image_ids) == ("a" * 64, 300, 200, (1, 2))
    changes = extras.record(library, extra, {"a" * 64: 2.5, "b" * 64: 1.0})  # the second was forgotten meanwhile
    assert changes.image_ids == (1, 2)
    assert changes.scores
    assert extras.unscored(library, extra) == []
    found = load(library, extra)
    np.testing.assert_array_equal(found.extra, [2.5, 2.5, np.nan])
    np.testing.assert_array_equal(found.score, np.array([0.5, 0.5, np.nan], dtype=np.float32))


def test_it_is_never_in_use_and_goes_with_its_folder(library):
    extra = extras.register(library, "filesize")
    with pytest.raises(LibraryError, match="extra score"):
        models.activate(library, extra.id)
    with pytest.raises(LibraryError, match="no bundle"):
        models.export(library, extra.id, library.directory / "copy.onnx")
    models.remove(library, extra.id)
    assert not extra.path.exists()
    assert not extras.record(library, extra, {"a" * 64: 2.5})  # deleted while it was being scored
    again = extras.register(library, "filesize")
    assert again.id == extra.id
    assert len(extras.unscored(library, again)) == 1


def test_a_lost_folder_is_put_back_by_registering_again(library):
    extra = extras.register(library, "niqe")
    shutil.rmtree(extra.path)
    assert extras.register(library, "niqe") == extra
    assert registry.load(extra.path).name == "niqe"
