"""The final report: per split, with intervals over people, against another model."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import evaluate, metrics
from engine.errors import Cancelled
from engine.evaluate import Predictions
from engine.manifest import Manifest, Row
from engine.run import read_json, write_json
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


def test_a_file_that_is_not_the_labelled_one_is_not_scored(faces, tmp_path):
    rows = [replace(r, sha256=hashlib.sha256(r.path.read_bytes()).hexdigest()) for r in faces.rows]
    rows[3] = replace(rows[3], sha256="0" * 64)
    found = evaluate.predict(Manifest(tuple(rows)), bundles.write(tmp_path / "m.onnx"))
    assert found.errors == ((rows[3].path, "the file has changed since it was labelled"),)
    assert np.flatnonzero(np.isnan(found.scores)).tolist() == [3]


def test_one_person_gives_no_interval_and_no_verdict(tmp_path):
    rng = np.random.default_rng(0)
    rows = tuple(Row(Path(f"{k}.jpg"), m, "test", group="Ada") for k, m in enumerate(rng.random(20)))
    table = Manifest(rows)
    good, bad = Predictions("a", "a", table.mos), Predictions("b", "b", rng.random(20))
    found = evaluate.report(table, good, bad)
    assert found["verdict"] is None
    write_json(tmp_path / "report.json", found)
    part = read_json(tmp_path / "report.json")["splits"]["test"]
    assert (part["groups"], part["verdict"]) == (1, None)
    assert "too few people" in part["note"]
    for who in ("candidate", "baseline", "difference"):
        srcc = part[who]["srcc"]
        assert srcc["value"] is not None
        assert srcc["low"] is srcc["high"] is None
    text = evaluate.as_text(found)
    assert "too few people" in text
    assert "nan" not in text


def test_many_images_have_kendall_s_tau_without_an_interval():
    rng = np.random.default_rng(0)
    mos = rng.random(4001)
    found = evaluate.agreement(mos + rng.normal(0, 0.1, 4001), mos, np.arange(4001) % 3)
    assert found["krcc"]["samples"] == 0
    assert found["krcc"]["value"] > 0.5
    assert np.isnan(found["krcc"]["low"])
    assert found["srcc"]["low"] <= found["srcc"]["value"] <= found["srcc"]["high"]
