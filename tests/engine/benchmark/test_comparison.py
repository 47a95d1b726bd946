"""Whole comparisons on a small drawn set: floors, NIQE, BRISQUE and a tiny student; interrupted, cached, with gaps."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine import manifest
from engine.benchmark import comparison, systems
from engine.benchmark.context import Context
from engine.cli import main
from engine.errors import Cancelled, UserError
from engine.manifest import Manifest, Row
from engine.recipes import RECIPES
from tests import pictures

QUICK = {"threads": "1", "student.training.epochs": "1"}


def faces(folder: Path, count: int = 48, pools: int = 0, size=(200, 200)) -> Manifest:
    """Faces out of focus by degrees, four images of a person, people held out."""
    rows = []
    for k in range(count + pools):
        radius = (k % 4) * 0.9
        path = pictures.save(pictures.blurred(k, radius, size), folder / f"{k:02}.png", compress_level=1)
        if k < count:
            split = ("train", "train", "val", "test")[k // 4 % 4]
            rows.append(Row(path, 1 - radius / 3, split, provenance="weak:blur", group=f"person {k // 4}"))
        else:
            rows.append(Row(path, source="unlabeled", pool="ab"[k % 2], group=f"stranger {k}"))
    return Manifest(tuple(rows))


def context(out, table, recipe=RECIPES["tiny"], events=lambda type_, fields: None):
    return Context(out, table, recipe.with_values(QUICK), 1, 42, events, lambda text: None)


def chosen(table: int, recipe, *keys):
    return systems.choose(systems.rows(table, recipe.with_values(QUICK)), keys)


def by_key(results):
    return {entry["key"]: entry for entry in results["systems"]}


@pytest.mark.train
def test_a_comparison_is_made_interrupted_resumed_and_kept(tmp_path):
    table, out = faces(tmp_path / "faces"), tmp_path / "out"
    rows = chosen(1, RECIPES["tiny"], "niqe", "brisque", "student")

    def stop(type_, fields):
        if type_ == "system" and fields["system"] == "student":
            raise Cancelled

    with pytest.raises(Cancelled):
        comparison.compare(rows, context(out, table, events=stop), number=1)
    assert not (out / "table.md").exists()

    told = []
    results = comparison.compare(rows, context(out, table, events=lambda t, f: told.append((t, f))), number=1)
    kept = [f["system"] for t, f in told if t == "cached"]
    assert kept == ["constant", "sharpness", "filesize", "niqe", "brisque"]
    found = by_key(results)
    assert found["brisque"]["numbers"]["srcc"]["value"] > 0.7
    assert found["brisque"]["numbers"]["difference"]["n"] == 12
    assert found["student"]["params"] > 0
    assert found["student"]["gmacs"] > 0
    assert found["student"]["network_ms"] > 0
    assert found["student"]["init"] == "random"
    assert len(found["student"]["curve"]) == 1  # one epoch
    assert found["student"]["budget"].startswith(f"{found['student']['curve'][0][0]} steps of ")
    assert not found["student"]["numbers"]["converged"]
    assert found["brisque"]["curve"] == ()
    assert found["niqe"]["file_ms"] > 0
    assert found["constant"]["numbers"]["srcc"]["value"] != found["constant"]["numbers"]["srcc"]["value"]  # NaN

    files = {p: p.stat().st_mtime_ns for p in out.rglob("outcome.json")}
    told.clear()
    again = comparison.compare(rows, context(out, table, events=lambda t, f: told.append((t, f))), number=1)
    assert {t for t, _ in told} == {"system", "cached"}
    assert {p: p.stat().st_mtime_ns for p in out.rglob("outcome.json")} == files
    assert [e["numbers"]["n"] for e in again["systems"]] == [e["numbers"]["n"] for e in results["systems"]]

    text = (out / "table.md").read_text(encoding="utf-8")
    assert "| BRISQUE |" in text
    assert "weak:blur (12)" in text
    assert "They are computed, not opinions of people" in text
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 6
    assert "http" not in page.replace("https://creativecommons.org", "").split("<h2>Remarks")[0]  # nothing is fetched
    assert "<script" not in page
    assert 'title="It is no network' in page  # a dash says why
    for said in ("SRCC against GMACs", "SRCC against latency", "weak:blur (12)", table.digest()[:16], "numpy "):
        assert said in page
    assert json.loads((out / "results.json").read_text(encoding="utf-8"))["manifest_hash"] == table.digest()
    with (out / "predictions.csv").open(newline="") as stream:
        predictions = list(csv.DictReader(stream))
    assert len(predictions) == 24
    assert all(r["brisque"] and r["student"] for r in predictions)


@pytest.mark.train
def test_another_configuration_or_manifest_is_fitted_anew(tmp_path):
    table, out = faces(tmp_path / "faces"), tmp_path / "out"
    rows = chosen(1, RECIPES["tiny"], "brisque")
    comparison.compare(rows, context(out, table), number=1)
    told = []
    other = systems.told(rows, {"brisque.folds": "2"})
    comparison.compare(other, context(out, table, events=lambda t, f: told.append((t, f.get("system")))), number=1)
    assert ("cached", "sharpness") in told
    assert ("search", "brisque") in told
    told.clear()
    changed = Manifest((replace(table.rows[0], mos=0.9), *table.rows[1:]))
    comparison.compare(rows, context(out, changed, events=lambda t, f: told.append((t, f.get("system")))), number=1)
    assert "cached" not in [t for t, _ in told]


@pytest.mark.train
def test_teachers_pools_and_ablations(tmp_path):
    """The paper in small: one run gives teacher, teacher+ and student; others learn from its pseudo-labels."""
    table, out = faces(tmp_path / "faces", pools=10, size=(72, 72)), tmp_path / "out"
    network = {"teacher.network.arch": "mobilenetv4_conv_small_050", "teacher.network.size": "64"}
    training = {"teacher.training.epochs": "1", "teacher.training.batch": "8", "student.training.batch": "12"}
    recipe = RECIPES["tiny"].with_values({**network, **training})
    first = comparison.compare(
        chosen(1, recipe, "teacher", "teacher+", "student"), context(out, table, recipe), number=1
    )
    found = by_key(first)
    assert all(found[key]["numbers"]["n"] == 12 for key in ("teacher", "teacher+", "student"))
    assert len(list((out / "runs").iterdir())) == 1
    rows = chosen(2, recipe, "student-pseudo1", "student")
    second = by_key(comparison.compare(rows, context(out, table, recipe), number=2))
    assert not any(second[key]["reason"] for key in ("student-pseudo1", "student"))
    assert "pseudo:pseudo1 (5)" in "".join(second["student-pseudo1"]["notes"])
    third = by_key(comparison.compare(chosen(3, recipe), context(out, table, recipe), number=3))
    assert third["student-small"]["size"] == "61"
    assert third["student"]["size"] == "64"
    assert len(list((out / "runs").iterdir())) == 3


@pytest.mark.train
def test_without_teacher_or_pools_the_rows_are_dashes_with_the_reason(tmp_path):
    table = faces(tmp_path / "faces", size=(72, 72))
    out = tmp_path / "out"
    found = by_key(comparison.compare(chosen(2, RECIPES["tiny"]), context(out, table), number=2))
    assert found["student-labels"]["numbers"]["n"] == 12
    for key in ("student-pseudo1", "student"):
        assert "has no teacher" in found[key]["reason"]
        assert found[key]["numbers"] is None
    small = "192 x 192"
    niqe = by_key(comparison.compare(chosen(1, RECIPES["tiny"], "niqe"), context(out, table), number=1))["niqe"]
    assert niqe["numbers"]["n"] == 0
    assert small in niqe["left_out"][0][1]


def test_a_system_whose_package_is_missing_is_a_dash_and_the_others_stand(tmp_path, monkeypatch, capsys):
    table = faces(tmp_path / "faces", size=(72, 72))
    manifest.write(table, tmp_path / "m.csv")
    monkeypatch.setitem(sys.modules, "sklearn.model_selection", None)  # as if it were not installed
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    out = str(tmp_path / "out")
    command = ["benchmark", str(tmp_path / "m.csv"), "--out", out, "--systems", "brisque", "--recipe", "tiny"]
    assert main(command) == 1
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.startswith("| BRISQUE"))
    assert set(row.replace("BRISQUE", "").replace("|", "").split()) == {"—"}
    assert "scikit-learn" in printed
    assert "| File size | " in printed
    monkeypatch.undo()
    assert main(command) == 0  # what was missing is tried again
    assert "| BRISQUE | —" not in capsys.readouterr().out


def test_what_no_table_can_be_made_of_is_refused(tmp_path, capsys):
    table = faces(tmp_path / "faces", 8, size=(72, 72))
    with pytest.raises(UserError, match="Split 'val' has 0 labelled images"):
        comparison.compare((), context(tmp_path / "out", table), number=1)
    both = tuple(replace(r, split="test", group="person 0") for r in table.rows[4:])
    three = faces(tmp_path / "more", 16, size=(72, 72)).rows
    with pytest.raises(UserError, match="both in train and in a held-out split"):
        comparison.compare((), context(tmp_path / "out", Manifest((*three, *both))), number=1)
    assert main(["benchmark", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out")]) == 2
    assert "Error" in capsys.readouterr().err
