"""The `fiqa` command: exits and formats of the design, in a real process where that matters."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from engine.cli import main
from tests import bundles, pictures


@pytest.fixture
def model(tmp_path):
    bundles.write(tmp_path / "model.onnx")
    return tmp_path / "model.onnx"


@pytest.fixture
def faces(tmp_path):
    pictures.folder(tmp_path / "faces", 5)
    return tmp_path / "faces"


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_score_a_folder_twice_gives_the_same_file(faces, model, tmp_path):
    for name in ("a.csv", "b.csv"):
        assert main(["score", str(faces), "--model", str(model), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    found = rows(tmp_path / "a.csv")
    assert [r["path"] for r in found] == [str(p) for p in sorted(faces.iterdir())]
    assert all(r["score"] and not r["error"] and r["model"] for r in found)


def test_an_unreadable_image_has_a_row_and_no_score(faces, model, tmp_path):
    pictures.truncated_jpeg(faces / "cut.jpg")
    missing = tmp_path / "gone.jpg"
    out = tmp_path / "out.jsonl"
    assert main(["score", str(faces), str(missing), "--model", str(model), "--out", str(out)]) == 1
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(found) == 7
    failed = {r["path"]: r for r in found if r["score"] is None}
    assert set(failed) == {str(faces / "cut.jpg"), str(missing)}
    assert all(r["error"] for r in failed.values())


def test_percentiles_of_a_reference_set_stand_beside_the_raw_scores(faces, model, tmp_path, capsys):
    pictures.folder(tmp_path / "reference", 30)
    scale, out = tmp_path / "scale.json", tmp_path / "out.csv"
    made = ["calibrate", "--percentile", str(tmp_path / "reference"), "--model", str(model), "--out", str(scale)]
    assert main(made) == 0
    assert "percentiles among reference (30 images)" in capsys.readouterr().err
    scoring = ["score", str(tmp_path / "reference"), str(faces), "--calibrator", str(scale), "--out"]
    assert main([*scoring, str(out), "--model", str(model)]) == 0
    found = rows(out)
    values = np.array([[float(r["score"]), float(r["calibrated"])] for r in found])
    assert np.ptp(values[:30, 1]) > 0.9  # the reference spreads over the whole scale
    assert (np.diff(values[np.argsort(values[:, 0], kind="stable"), 1]) >= 0).all()
    assert {(r["low"], r["high"]) for r in found} == {("", "")}
    for kind in ("jsonl", "parquet"):
        assert main([*scoring, str(tmp_path / f"out.{kind}"), "--model", str(model)]) == 0
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["calibrated"] for line in lines] == pytest.approx(values[:, 1])

    # Of another model: refused, nothing is written.
    other = bundles.write(tmp_path / "other.onnx", gain=3.0).path
    assert main([*scoring, str(tmp_path / "no.csv"), "--model", str(other)]) == 2
    assert "maps the scores of model" in capsys.readouterr().err
    assert not (tmp_path / "no.csv").exists()


def test_a_calibrator_from_labels_gives_intervals_and_leaves_the_test_split_alone(model, tmp_path):
    lines = ["path,mos,split,group,source"]
    for k, file in enumerate(pictures.folder(tmp_path / "faces", 40)):
        split = "test" if k % 4 == 3 else ("", "train", "cal")[k % 3]
        lines.append(f"{file},{0.3 if k % 3 == 2 else 0.8},{split},person {k},labeled")
        lines.append(f"{file},0.1,train,person {k},pseudo")  # what a model said
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    scale, out = tmp_path / "scale.json", tmp_path / "out.csv"
    assert main(["calibrate", str(tmp_path / "labels.csv"), "--model", str(model), "--out", str(scale)]) == 0
    assert json.loads(scale.read_text())["labels"] == 30
    scoring = ["score", str(tmp_path / "faces"), "--model", str(model), "--calibrator", str(scale), "--out", str(out)]
    assert main(scoring) == 0
    for row in rows(out):
        assert float(row["low"]) <= float(row["calibrated"]) <= float(row["high"])
    assert main(["calibrate", "--out", str(scale)]) == 2


def test_parquet_holds_the_same_scores(faces, model, tmp_path):
    import pyarrow.parquet as pq

    for name in ("s.csv", "s.parquet"):
        assert main(["score", str(faces), "--model", str(model), "--out", str(tmp_path / name)]) == 0
    table = pq.read_table(tmp_path / "s.parquet").to_pylist()
    assert [f"{r['score']:.9g}" for r in table] == [r["score"] for r in rows(tmp_path / "s.csv")]


@pytest.mark.parametrize(
    "argv",
    [
        ["score", "x.jpg", "--model", "nowhere.onnx"],
        ["score", "x.jpg", "--model", "nobody"],
        ["evaluate", "m.csv", "--model", "nobody"],
        ["calibrate", "m.csv", "--out", "scale.json", "--model", "nobody"],
        ["train", "m.csv", "--out", "run", "--initial", "nobody"],
        ["score", "x.jpg", "--out", "scores.xls"],
        ["train", "nowhere.csv", "--out", "run"],
        ["train", "nowhere.csv", "--out", "run", "--recipe", "quik"],
        ["resume", "nowhere"],
        ["evaluate", "nowhere.csv"],
        ["frobnicate"],
        ["score"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_2_with_one_clear_line(argv, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    said = capsys.readouterr().err
    assert "Error" in said
    assert "Traceback" not in said


def test_a_folder_without_images_is_refused(tmp_path, model, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["score", str(tmp_path / "empty"), "--model", str(model)]) == 2
    assert "no images" in capsys.readouterr().err


def test_scores_go_to_the_output_and_words_to_the_error_stream(faces, model):
    command = [sys.executable, "-m", "engine", "score", str(faces), "--model", str(model)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "path,score,model,error"
    assert len(done.stdout.splitlines()) == 6
    assert "Scoring: 5/5" in done.stderr


def test_doctor_names_what_is_installed_and_used(capsys):
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    for line in (
        "onnxruntime: ",
        "bundled model 'student': ",
        "bundled model 'fast': ",
        "scoring: on ",
        "libraries and their models: ",
        "GB free",
    ):
        assert line in said
    assert "distributed: " in said
    assert ("ok    training device: " in said) == ("not installed: torch" not in said)


def test_doctor_survives_a_torch_that_cannot_be_imported(tmp_path, monkeypatch, capsys):
    (tmp_path / "torch.py").write_text("raise ImportError('libcuda.so.1: no such file')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "WRONG training device: torch cannot be used: ImportError: libcuda.so.1: no such file" in said
    assert "ok    caches: " in said, "it was to go on"


def test_labels_are_mounted():
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "labels", "--help"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0
    assert "import" in done.stdout
    assert "export" in done.stdout


def test_a_line_of_pixels_is_refused_not_enlarged(model, tmp_path):
    from PIL import Image

    Image.new("RGB", (1, 20_000)).save(tmp_path / "spacer.png")
    out = tmp_path / "s.csv"
    assert main(["score", str(tmp_path / "spacer.png"), "--model", str(model), "--out", str(out)]) == 1
    assert "too narrow" in rows(out)[0]["error"]


def test_a_split_that_is_not_there_is_wrong_use(faces, model, tmp_path, capsys):
    table = tmp_path / "m.csv"
    table.write_text(f"path,mos,split\n{faces / 'face_000.jpg'},0.5,test\n", encoding="utf-8")
    assert main(["evaluate", str(table), "--model", str(model), "--split", "tset"]) == 2
    assert "Its splits are: test" in capsys.readouterr().err


def test_undefined_numbers_are_null_in_json(faces, model, tmp_path):
    table, out = tmp_path / "m.csv", tmp_path / "r.json"
    table.write_text(f"path,mos,split\n{faces / 'face_000.jpg'},0.5,test\n", encoding="utf-8")
    assert main(["evaluate", str(table), "--model", str(model), "--json", str(out)]) == 0
    assert "NaN" not in out.read_text(encoding="utf-8")
    assert json.loads(out.read_text(encoding="utf-8"))["splits"]["test"]["candidate"]["srcc"]["value"] is None


def test_a_broken_parquet_manifest_is_wrong_use(tmp_path, capsys):
    (tmp_path / "m.parquet").write_bytes(b"PAR1 no")
    assert main(["evaluate", str(tmp_path / "m.parquet")]) == 2
    assert "Cannot read the manifest" in capsys.readouterr().err


def test_an_event_after_a_torn_line_is_not_lost(tmp_path):
    from engine.manifest import Manifest
    from engine.recipes import RECIPES
    from engine.run import EventTail, RunDirectory

    run = RunDirectory.create(tmp_path / "run", recipe=RECIPES["tiny"], manifest=Manifest(()))
    run.claim()
    with run.events_file.open("ab") as stream:
        stream.write(b'{"type": "st')
    run.claim()
    run.emit("warning", message="after")
    assert [e["type"] for e in EventTail(run.events_file).read()] == ["run", "warning"]


def test_evaluate_compares_and_cuts(tmp_path, model, capsys):
    other = bundles.write(tmp_path / "other.onnx", gain=-1.0).path
    lines = ["path,mos,split,group,light"]
    for k in range(70):
        path = pictures.save(pictures.blurred(k, k % 7 * 0.6), tmp_path / "faces" / f"{k}.png")
        lines.append(f"{path},{1 - k % 7 / 7},test,p{k},{('day', 'night')[k % 2]}")
    table, out = tmp_path / "m.csv", tmp_path / "r.json"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--model", str(model), "--baseline", str(other), "--slices", "light,split", "--json", str(out)]
    assert main(["evaluate", str(table), *options]) == 0
    part = json.loads(out.read_text(encoding="utf-8"))["splits"]["test"]
    assert set(part["verdicts"].values()) == {"better"}
    assert [cut["column"] for cut in part["slices"]] == ["light", "split"]
    said = capsys.readouterr().out
    assert "pairs in right order" in said
    assert "night" in said
