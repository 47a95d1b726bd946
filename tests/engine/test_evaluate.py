"""The final report: per split, with intervals over people, against another model."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import evaluate, metrics
from engine.errors import Cancelled, UserError
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


def test_what_only_the_baseline_cannot_score_is_left_out_with_its_reason():
    table, model = simulated(20)
    path = table.rows[3].path
    old = model(0.1)
    gaps = np.where(np.arange(20) == 3, np.nan, old.scores)
    found = evaluate.report(table, model(0.1), replace(old, scores=gaps, errors=((path, "no finite score"),)))
    assert found["splits"]["test"]["left_out"] == 1
    (told,) = found["unreadable"]
    assert told == {"path": str(path), "reason": "baseline: no finite score"}


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


def test_predictions_that_cannot_be_written_whole_are_not_written(faces, tmp_path):
    file = tmp_path / "p.csv"
    file.write_text("the former ones")
    with pytest.raises(ValueError, match="zip"):
        evaluate.write_predictions(file, faces, Predictions("a", "a", np.zeros(5)))
    assert file.read_text() == "the former ones"
    assert not list(tmp_path.glob("*.partial"))


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


def table_of(n=400, seed=0, **columns):
    """Labels of people in `test`, and as many in `cal`; scores curved and with noise."""
    rng = np.random.default_rng(seed)
    mos = rng.random(2 * n)
    rows = [
        Row(
            Path(f"{k}.jpg"),
            mos[k],
            ("test", "cal")[k // n],
            group=f"g{k // 2}",
            provenance="human",
            extra={name: value(k) for name, value in columns.items()},
        )
        for k in range(2 * n)
    ]
    curved = np.arctanh(np.clip(2 * mos - 1, -0.97, 0.97)) + rng.normal(0, 0.2, 2 * n)
    return Manifest(tuple(rows)), Predictions("m", "model", curved)


def test_the_logistic_is_fitted_on_the_calibration_split_and_on_test_and_says_which():
    table, model = table_of()
    found = evaluate.report(table, model, splits=["test"])
    part, test = found["splits"]["test"], np.arange(800) < 400
    fitted = metrics.fit_logistic(model.scores[~test], table.mos[~test])(model.scores[test])
    who = part["candidate"]
    assert part["calibration"] == {"split": "cal", "images": 400, "note": ""}
    assert who["plcc_cal"]["value"] == pytest.approx(metrics.plcc(fitted, table.mos[test]), abs=1e-9)
    assert who["rmse_cal"]["value"] == pytest.approx(metrics.rmse(fitted, table.mos[test]), abs=1e-9)
    assert who["rmse_fit"]["value"] == pytest.approx(metrics.rmse_fit(model.scores[test], table.mos[test]), abs=1e-9)
    assert who["rmse"]["value"] > who["rmse_cal"]["value"] > who["rmse_fit"]["value"]
    assert (who["plcc_cal"]["fitted_on"], who["plcc_fit"]["fitted_on"]) == ("cal", "these same images")
    text = evaluate.as_text(found)
    assert "the logistic is fitted on 'cal' (400 images)" in text
    assert "which flatters" in text


def test_without_a_calibration_split_nothing_is_calibrated_and_it_is_said():
    table, model = table_of()
    held = Manifest(table.rows[:400])
    part = evaluate.report(held, replace(model, scores=model.scores[:400]))["splits"]["test"]
    assert "plcc_cal" not in part["candidate"]
    assert "neither 'cal' nor 'val'" in part["calibration"]["note"]
    of_cal = evaluate.report(table, model)["splits"]["cal"]
    assert "plcc_cal" not in of_cal["candidate"]
    assert "itself the calibration split" in of_cal["calibration"]["note"]


def test_people_in_both_the_calibration_and_the_test_split_are_told():
    table, model = table_of()
    rows = list(table.rows)
    rows[500] = replace(rows[500], group=rows[0].group)
    part = evaluate.report(Manifest(tuple(rows)), model)["splits"]["test"]
    assert part["calibration"]["note"] == "Groups in both 'cal' and this split: 1; calibrated numbers flatter."


def test_the_calibration_split_is_scored_though_only_test_is_reported(tmp_path):
    rows = []
    for k in range(72):
        radius = (k % 6) * 0.8
        path = pictures.save(pictures.blurred(k, radius), tmp_path / f"{k:02}.png")
        rows.append(Row(path, 1 - radius / 5, "val" if k < 36 else "test", group=f"p{k}"))
    found = evaluate.evaluate_manifest(Manifest(tuple(rows)), bundles.write(tmp_path / "m.onnx"), splits=["test"])
    assert list(found["splits"]) == ["test"]
    assert found["splits"]["test"]["calibration"]["split"] == "val"
    assert found["splits"]["test"]["candidate"]["plcc_cal"]["value"] > 0.5


def test_every_compared_metric_has_its_own_verdict():
    table, model = simulated()
    near = model(0.05)
    shifted = replace(near, scores=near.scores + 0.3)  # the same order, wrong numbers
    part = evaluate.report(table, near, shifted)["splits"]["test"]
    same = "no real difference"
    assert part["verdicts"] == {"srcc": same, "plcc": same, "rmse": "better", "pairwise": same}
    assert part["difference"]["rmse"]["high"] < 0
    assert evaluate.report(table, model(0.4), near)["splits"]["test"]["verdicts"] == dict.fromkeys(
        ("srcc", "plcc", "rmse", "pairwise"), "worse"
    )


def test_pairs_follow_the_opinions_where_the_manifest_has_them():
    table, model = table_of(100, mos_sd=lambda k: "0.2", mos_n=lambda k: "10")
    pairs = evaluate.report(table, model)["splits"]["test"]["pairs"]
    assert "significantly" in pairs["rule"]
    half = Manifest(tuple(replace(r, extra={"mos_sd": "0.2"}) for r in table.rows))
    assert "more than 0.1" in evaluate.report(half, model)["splits"]["test"]["pairs"]["rule"]


def test_slices_are_the_metrics_of_their_rows_and_small_ones_are_hidden():
    table, model = table_of(light=lambda k: ("day", "night")[k % 2] if k % 40 else "dusk")
    found = evaluate.report(table, model, splits=["test"], slices=["light"])
    (cut,) = found["splits"]["test"]["slices"]
    assert [(v["value"], v["n"]) for v in cut["values"]] == [("day", 190), ("night", 200)]
    assert cut["hidden"] == {"values": 1, "images": 10}
    night = np.arange(1, 400, 2)
    numbers = cut["values"][1]["candidate"]
    assert numbers["srcc"]["value"] == pytest.approx(metrics.srcc(model.scores[night], table.mos[night]))
    assert numbers["bias"]["value"] == pytest.approx((model.scores[night] - table.mos[night]).mean())
    assert numbers["bias"]["low"] < numbers["bias"]["value"] < numbers["bias"]["high"]
    by_value = [v["candidate"]["srcc"]["value"] for v in cut["values"]]
    assert cut["gap"]["candidate"]["srcc"] == pytest.approx(max(by_value) - min(by_value))
    text = evaluate.as_text(found)
    assert "test by light; labels: human (400)" in text
    assert "Slices of fewer than 30 images, not shown: 1 (10 images)" in text
    assert "dusk" not in text


def test_numbers_are_cut_at_their_quantiles():
    table, model = table_of(side=lambda k: str(k % 400 + 1) if k % 10 else "")
    (cut,) = evaluate.report(table, model, splits=["test"], slices=["side"])["splits"]["test"]["slices"]
    assert [v["n"] for v in cut["values"]] == [90, 90, 90, 90, 40]
    assert cut["values"][0]["value"].startswith("2 to under")
    assert cut["values"][-1]["value"] == "(none)"


def test_a_column_that_is_not_there_is_named(faces, tmp_path):
    with pytest.raises(UserError, match=r"no column 'colour'.*image_id"):
        evaluate.evaluate_manifest(faces, bundles.write(tmp_path / "m.onnx"), slices=["colour"])
