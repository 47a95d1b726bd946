"""The scale on a model's card: whose scores it is made of, that it travels with the bundle, and what clears it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine import reference_scale
from engine.__main__ import main
from engine.bundle import read_bundle
from engine.calibrate import CalibrationError
from engine.errors import UserError
from engine.manifest import Manifest, Row
from tests import bundles, pictures

SCORES = np.linspace(0.2, 0.8, 101)


def rows(*splits: str) -> Manifest:
    return Manifest(
        tuple(Row(Path(f"{k}.jpg"), 0.5, split, "labeled", group=f"g{k}") for k, split in enumerate(splits))
    )


def test_the_reference_is_split_cal_or_everything_where_there_are_no_splits():
    assert [r.split for r in reference_scale.rows_of(rows("train", "cal", "test", "cal")).rows] == ["cal", "cal"]
    assert len(reference_scale.rows_of(rows("", "", ""))) == 3
    with pytest.raises(UserError, match="no labelled images in split 'cal'"):
        reference_scale.rows_of(rows("train", "test"))


def test_it_travels_on_the_card_and_leaves_the_model_the_same(tmp_path):
    before = bundles.write(tmp_path / "m.onnx")
    assert reference_scale.of_card(before.card.model_dump()) is None
    scale = reference_scale.named([*SCORES, float("nan")], "Portraits")
    reference_scale.keep(before.path, scale)
    after = read_bundle(before.path)
    assert after.id == before.id
    assert after.card.model_copy(update={"percentiles": {}, "card": before.card.card}) == before.card
    found = reference_scale.of_card(after.card.model_dump())
    assert found is not None
    assert found.reference == "Portraits (101 images)"
    assert found == scale
    assert found.apply([0.5]).value[0] == pytest.approx(0.5, abs=0.01)


def test_the_card_tells_it_once_however_often_it_is_kept(tmp_path):
    path = bundles.write(tmp_path / "m.onnx").path
    for name in ("First", "Second"):
        reference_scale.keep(path, reference_scale.named(SCORES, name))
    text = read_bundle(path).card.card
    assert text.count("## Percentiles") == 1
    assert "Second (101 images)" in text
    assert "First" not in text
    assert "10 at 0.26, 50 at 0.50, 90 at 0.74" in text


def test_what_stands_after_the_section_stays(tmp_path):
    bundle = bundles.write(tmp_path / "m.onnx")
    text = "# Model\n\n## Percentiles\n\nold words\n\n## Licence\n\nfree"
    old = bundle.card.model_copy(update={"card": text})
    bundles.write_bundle(bundles.model(), old, bundle.path)
    reference_scale.keep(bundle.path, reference_scale.named(SCORES, "New"))
    found = read_bundle(bundle.path).card.card
    assert "old words" not in found
    assert found.index("## Licence\n\nfree") < found.index("## Percentiles")


def test_too_few_faces_of_a_training_give_no_scale_and_a_sentence(tmp_path):
    before, said = bundles.write(tmp_path / "m.onnx"), []
    reference_scale.keep_own(before.path, SCORES[:19], reference_scale.HELD_OUT, said.append)
    assert read_bundle(before.path).card == before.card
    assert said == [
        "The model gets no percentiles and is shown by its scores: 'the faces held out of its training (19 images)' "
        "has too few different scores for percentiles (at least 20)."
    ]
    reference_scale.keep_own(before.path, SCORES[:20], reference_scale.HELD_OUT, said.append)
    assert read_bundle(before.path).card.percentiles["reference"] == "the faces held out of its training (20 images)"


def test_other_weights_have_the_same_reference_only_where_they_score_all_of_it():
    old = reference_scale.named(SCORES, reference_scale.OF_TRAINING)
    new = reference_scale.again(old, SCORES**2)
    assert new is not None
    assert new.reference == old.reference
    assert new.raw == pytest.approx(np.quantile(SCORES**2, np.linspace(0, 1, len(new.raw))), abs=0.01)
    assert reference_scale.again(old, [*SCORES[:-1], float("nan")]) is None
    assert reference_scale.again(reference_scale.named(SCORES, "Portraits"), SCORES) is None  # of no run


def test_what_is_no_scale_is_refused():
    with pytest.raises(CalibrationError):
        reference_scale.of_card({"percentiles": {"raw": [0, 1]}})


def test_a_table_of_scores_has_the_models_own_percentiles_on_request(tmp_path, capsys):
    model = bundles.write(tmp_path / "m.onnx").path
    pictures.folder(tmp_path / "faces", 4)
    asked = [
        "score",
        str(tmp_path / "faces"),
        "--model",
        str(model),
        "--percentiles",
        "--out",
        str(tmp_path / "s.jsonl"),
    ]
    assert main(asked) == 2
    assert "no percentiles of a reference set on its card" in capsys.readouterr().err
    scale = reference_scale.named(np.linspace(0, 0.6, 200), "Portraits")
    reference_scale.keep(model, scale)
    assert main([*asked, "--calibrator", str(tmp_path / "other.json")]) == 2
    assert main(asked) == 0
    assert "percentiles among Portraits (200 images)" in capsys.readouterr().err
    found = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text().splitlines()]
    assert [line["calibrated"] for line in found] == pytest.approx(scale.apply([line["score"] for line in found]).value)
