"""The final report: per split, with intervals over people, against another model."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from engine import evaluate, metrics
from engine.errors import Cancelled
from engine.evaluate import Predictions
from engine.manifest import Manifest, Row
from tests import bundles, pictures


@pytest.fixture
def faces(tmp_path):
    """24 faces in focus by degrees, with labels that say how much, in two splits of six people each."""
    rows = []
    for k in range(24):
        radius = (k % 6) * 0.8
        path = pictures.save(pictures.blurred(k, radius), tmp_path / f"{k:02}.png")
        split, person = ("val", "test")[k % 2], f"person {k % 12}"
        rows.append(Row(path, 1 - radius / 5, split, provenance="weak:blur", group=person, extra={"image_id": str(k)}))
    return Manifest(tuple(rows))


def simulated(n=200, noise=0.1, seed=0):
    rng = np.random.default_rng(seed)
    mos = rng.random(n)
    rows = tuple(Row(Path(f"{k}.jpg"), m, "test", group=f"g{k // 2}") for k, m in enumerate(mos))
    return Manifest(rows), lambda s: Predictions("id", "name", mos + rng.normal(0, s, n))


def test_a_model_that_sees_blur_agrees_with_labels_of_blur(faces, tmp_path):
    bundle = bundles.write(tmp_path / "m.onnx")
    found = evaluate.evaluate_manifest(faces, bundle)
    assert set(found["splits"]) == {"val", "test"}
    part = found["splits"]["test"]
    assert (part["n"], part["groups"], part["people_known"]) == (12, 6, True)
    assert part["provenance"] == {"weak:blur": 12}
    assert part["hash"] == faces.where(split="test").digest()
    srcc = part["candidate"]["srcc"]
    assert srcc["low"] <= srcc["value"] <= srcc["high"]
    assert srcc["value"] > 0.5
    assert part["baseline"] is part["verdict"] is None
    assert "weak:blur (12)" in evaluate.as_text(found)


def test_against_a_baseline(faces, tmp_path):
    good, mirror = bundles.write(tmp_path / "a.onnx"), bundles.write(tmp_path / "b.onnx", gain=-1.0)
    found = evaluate.evaluate_manifest(faces, good, baseline=mirror, splits=["test"])
    assert list(found["splits"]) == ["test"]
    assert found["verdict"] == "better"
    assert found["splits"]["test"]["difference"]["srcc"]["value"] > 1
    assert "better" in evaluate.as_text(found)


def test_verdicts_follow_the_paired_interval():
    table, model = simulated()
    near, far = model(0.05), model(0.4)
    assert evaluate.report(table, near, far)["verdict"] == "better"
    assert evaluate.report(table, far, near)["verdict"] == "worse"
    assert evaluate.report(table, near, near)["verdict"] == "no real difference"


def test_point_values_are_those_of_the_metrics():
    table, model = simulated()
    candidate = model(0.2)
    part = evaluate.report(table, candidate)["splits"]["test"]["candidate"]
    for name, metric in metrics.ALL.items():
        assert part[name]["value"] == pytest.approx(metric(candidate.scores, table.mos), abs=1e-9)
        assert part[name]["low"] < part[name]["value"] < part[name]["high"]


def test_unreadable_pictures_are_listed_and_never_scored(faces, tmp_path):
    faces.rows[1].path.write_bytes(b"no picture")
    found = evaluate.evaluate_manifest(faces, bundles.write(tmp_path / "m.onnx"))
    assert [u["path"] for u in found["unreadable"]] == [str(faces.rows[1].path)]
    assert found["splits"]["test"]["n"] == 11
    assert found["splits"]["test"]["left_out"] == 1


def test_unlabelled_and_pseudo_labelled_rows_do_not_count(faces, tmp_path):
    extra = (Row(faces.rows[0].path, None, "test", "unlabeled"), Row(faces.rows[0].path, 0.5, "test", "pseudo1"))
    found = evaluate.evaluate_manifest(Manifest(faces.rows + extra), bundles.write(tmp_path / "m.onnx"))
    assert found["splits"]["test"]["n"] == 12


def test_constant_scores_give_no_number_and_no_verdict():
    table, model = simulated(20)
    flat = Predictions("flat", "flat", np.full(20, 0.5))
    found = evaluate.report(table, flat, model(0.1))
    assert np.isnan(found["splits"]["test"]["candidate"]["srcc"]["value"])
    assert found["verdict"] is None
    evaluate.as_text(found)


def test_people_unknown_is_said():
    rows = tuple(Row(Path(f"{k}.jpg"), k / 9, "test") for k in range(10))
    found = evaluate.report(Manifest(rows), Predictions("a", "a", np.arange(10.0)))
    assert not found["splits"]["test"]["people_known"]
    assert "unknown" in evaluate.as_text(found)


def test_rows_of_no_split_stand_under_all():
    rows = tuple(Row(Path(f"{k}.jpg"), k / 9) for k in range(10))
    assert list(evaluate.report(Manifest(rows), Predictions("a", "a", np.arange(10.0)))["splits"]) == ["all"]


def test_predictions_are_written_row_by_row(faces, tmp_path):
    scored = Predictions("a", "a", np.where(np.arange(24) == 3, np.nan, 0.25))
    evaluate.write_predictions(tmp_path / "p.csv", faces, scored)
    with (tmp_path / "p.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [r["image_id"] for r in rows] == [str(k) for k in range(24)]
    assert rows[3]["candidate"] == ""
    assert (rows[4]["candidate"], rows[4]["baseline"], rows[4]["split"]) == ("0.25", "", "val")


def test_it_can_be_stopped(faces, tmp_path):
    def stop(done: int, _: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        evaluate.predict(faces, bundles.write(tmp_path / "m.onnx"), on_row=stop)
