"""A model named on the command line: one that ships with the program, a file, or a sentence."""

from __future__ import annotations

import csv
import json

import pytest

import resources
from app.ui.application import arguments
from engine import named_models
from engine.bundle import read_bundle
from engine.cli import main
from engine.errors import UserError
from engine.run import RunDirectory
from tests import bundles, pictures


@pytest.fixture
def table(tmp_path):
    """Three faces with a label each."""
    found = pictures.folder(tmp_path / "faces", 3)
    lines = [f"{path},0.{k + 3},test,person {k}" for k, path in enumerate(found)]
    (tmp_path / "m.csv").write_text("\n".join(["path,mos,split,group", *lines]) + "\n", encoding="utf-8")
    return tmp_path / "m.csv"


def test_a_name_wins_over_a_file_and_a_path_over_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fast").write_bytes(b"")
    assert named_models.bundle_path("") == resources.default_model()
    assert named_models.bundle_path("fast") == resources.BUNDLED["fast"].bundle
    assert named_models.bundle_path("./fast").name == "fast"
    assert named_models.bundle_path("mine.onnx").name == "mine.onnx"
    assert named_models.weights_path("") == resources.default_checkpoint()
    assert named_models.weights_path("fast") == resources.BUNDLED["fast"].weights
    assert arguments(["--model", "fast"]).model == resources.BUNDLED["fast"].bundle


def test_what_is_neither_is_told_with_what_there_is():
    with pytest.raises(UserError, match=r"There is no model 'fasst'\. Did you mean 'fast'\? .*one of student, fast\."):
        named_models.bundle_path("fasst")
    with pytest.raises(UserError, match=r"There is no checkpoint 'run/none.safetensors'.*student, fast"):
        named_models.weights_path("run/none.safetensors")


def test_the_window_refuses_it_too(capsys):
    with pytest.raises(SystemExit):
        arguments(["--model", "fasst"])
    assert "Did you mean 'fast'?" in capsys.readouterr().err


def test_the_fast_one_scores_and_is_evaluated_and_calibrated_by_its_name(table, tmp_path, capsys):
    fast, out = read_bundle(resources.BUNDLED["fast"].bundle), tmp_path / "out.csv"
    assert main(["score", str(table.parent / "faces"), "--model", "fast", "--out", str(out)]) == 0
    with out.open(newline="") as stream:
        assert {row["model"] for row in csv.DictReader(stream)} == {fast.id}
    command = ["evaluate", str(table), "--model", "fast", "--baseline", "student", "--json", str(tmp_path / "r.json")]
    assert main(command) == 0
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["candidate"], report["baseline"]) == (fast.id, read_bundle(resources.default_model()).id)
    command = ["calibrate", "--percentile", str(resources.samples()), "--model", "fast", "--out", str(tmp_path / "s")]
    assert main(command) == 0
    assert fast.card.name in capsys.readouterr().err


def test_a_name_close_to_one_is_asked_about(table, capsys):
    assert main(["score", str(table.parent / "faces"), "--model", "studnet"]) == 2
    said = capsys.readouterr().err
    assert "Did you mean 'student'?" in said
    assert "niqe" in said


def test_a_training_starts_from_the_fast_one_by_its_name(table, tmp_path):
    command = ["train", str(table), "--recipe", "finetune", "--prepare", "--out"]
    assert main([*command, str(tmp_path / "run"), "--initial", "fast", "--baseline", "fast"]) == 0
    job = RunDirectory.open(tmp_path / "run").job
    assert (job.initial, job.baseline) == tuple(
        map(str, (resources.BUNDLED["fast"].weights, resources.BUNDLED["fast"].bundle))
    )
    assert main([*command, str(tmp_path / "usual")]) == 0
    assert RunDirectory.open(tmp_path / "usual").job.initial == str(resources.default_checkpoint())
    mine = bundles.write(tmp_path / "mine.onnx").path
    assert main([*command, str(tmp_path / "other"), "--baseline", str(mine)]) == 0
    assert RunDirectory.open(tmp_path / "other").job.baseline == str(mine)
