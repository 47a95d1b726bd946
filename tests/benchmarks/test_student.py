"""The judge of the bundled students: kinds that no training has, real good above real poor, stable scores, a report."""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import resources
from benchmarks.student import __main__ as judge
from benchmarks.student import baselines, latency, measures, pictures, slices
from benchmarks.student.panel import Panel, flat
from benchmarks.student.unseen import UNSEEN
from engine import groups, manifest, metrics
from engine.degrade import KINDS, degrade, rng_for
from engine.errors import UserError
from engine.image import read_file
from engine.manifest import Manifest, Row
from engine.scoring import Scorer
from tests import bundles

SEED = 0
LARGE = 400


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    return np.asarray(Image.open(resources.samples() / "face-11.jpg").convert("RGB").resize((240, 300)))


@pytest.fixture(scope="module")
def faces(tmp_path_factory) -> Path:
    """A manifest of forty people with one portrait each, large and small in turn, every second in `london/`."""
    folder = tmp_path_factory.mktemp("faces")
    lines = ["path,group,width,height,face_x,face_y,face_w,face_h"]
    for place in ("london", "congress"):
        (folder / place).mkdir()
    picture = Image.open(resources.samples() / "face-11.jpg").convert("RGB")
    for k in range(40):
        side, place = (LARGE, 150)[k // 2 % 2], ("london", "congress")[k % 2]
        picture.resize((side, side)).point(lambda v, k=k: v * (60 + k) // 100).save(folder / place / f"{k}.jpg")
        box = f"{side // 4},{side // 4},{side // 2},{side // 2}"
        lines.append(f"{place}/{k}.jpg,person{k},{side},{side},{box}")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder / "manifest.csv"


@pytest.fixture(scope="module")
def data(faces, tmp_path_factory) -> Path:
    """A labelled set of these people, as `fiqa degrade` would write it: clean, two blurs and a chain of each."""
    folder, rows = tmp_path_factory.mktemp("data"), []
    for row in manifest.read(faces).rows:
        clean = np.asarray(Image.open(row.path).resize((200, 200)))
        for severity, mos in enumerate((1.0, 0.7, 0.3, 0.1)):
            kind = ("clean", "blur", "blur", "chain")[severity]
            made = degrade(clean, "blur", severity, rng_for(0, row.group, 0)) if severity else clean
            path = folder / f"{row.path.stem}-{severity}.jpg"
            Image.fromarray(made).save(path)
            extra = {"kind": kind, "reference": f"{row.path.parent.name}/{row.path.name}"}
            split, sha256 = groups.split_of(row.group, salt=str(SEED)), read_file(path).sha256
            rows.append(Row(path, mos, split, "labeled", group=row.group, sha256=sha256, extra=extra))
    manifest.write(Manifest(tuple(rows)), folder / "manifest.csv")
    return folder / "manifest.csv"


@pytest.fixture
def panel(tmp_path) -> Panel:
    first, other = bundles.write(tmp_path / "new.onnx", 96), bundles.write(tmp_path / "old.onnx", 64, bias=0.5)
    return Panel.of({"new": first.path, "old": other.path}, threads=2)


@pytest.mark.parametrize("kind", UNSEEN)
def test_unseen_kinds_are_unseen_and_get_worse(face, kind):
    assert kind not in KINDS
    rungs = [UNSEEN[kind](face, s, rng_for(0, "", 0)) for s in range(1, 6)]
    assert all(r.shape == face.shape and r.dtype == np.uint8 for r in rungs)
    errors = [np.square(r.astype(float) - face).mean() for r in rungs]
    assert all(a < b for a, b in itertools.pairwise([0, *errors])), errors


def test_auc():
    assert measures.auc(np.array([2.0, 3.0]), np.array([1.0, 1.5])) == 1
    assert measures.auc(np.array([2.0, 1.0]), np.array([1.0, 2.0])) == 0.5


def test_order_counts_ladders_neighbours_and_leaves_the_step_from_the_clean_picture_out():
    falling, swapped = [0.1, 0.9, 0.8, 0.7, 0.6, 0.5], [1.0, 0.9, 0.8, 0.85, 0.6, 0.5]
    found = measures.order(np.array([falling, swapped]))
    assert found["ladders"] == 2
    assert found["five in order"] == 0.5
    assert found["neighbours in order"] == pytest.approx(7 / 8)


def test_nobody_of_the_training_is_among_the_pictures(faces):
    everybody = {f"person{k}" for k in range(40)}
    split = {g: groups.split_of(g, salt=str(SEED)) for g in everybody}
    assert {s.row.group for s in pictures.held_out(faces, SEED)} == {g for g in everybody if split[g] != "train"}
    tested = pictures.held_out(faces, SEED, ("test",))
    assert {s.row.group for s in tested} == {g for g in everybody if split[g] == "test"} != set()


def test_a_seed_that_is_not_that_of_the_set_is_refused(faces, data):
    table = manifest.read(data)
    pictures.require_strangers(pictures.held_out(faces, SEED), table)
    with pytest.raises(UserError, match="are in split train"):
        pictures.require_strangers(pictures.held_out(faces, SEED + 1), table)


def test_ladders_are_of_as_many_people_as_asked_or_refused(faces, monkeypatch):
    monkeypatch.setattr(pictures, "PRISTINE_SIDE", LARGE)
    sources = pictures.held_out(faces, SEED)
    found = pictures.pristine(sources, 3)
    assert len({s.row.group for s in found}) == 3
    assert {s.short_side for s in found} == {LARGE}
    with pytest.raises(UserError, match="100 ladders were asked for"):
        pictures.pristine(sources, 100)


def test_a_panel_makes_each_picture_once_and_scores_it_at_each_models_size(face, panel):
    made = []

    def unit(k: int) -> list[Image.Image]:
        made.append(k)
        return [Image.fromarray(face)] * (k + 1)

    found = panel.judge(partial(unit, k) for k in range(3))
    assert sorted(made) == [0, 1, 2]
    assert [len(part) for part in found["new"]] == [1, 2, 3]
    scores = flat(found)
    assert np.ptp(scores["new"]) < 1e-6
    assert abs(scores["new"][0] - scores["old"][0]) > 0.1


def test_latency_is_measured_in_turns_and_told_as_a_share(tmp_path):
    small, large = bundles.write(tmp_path / "small.onnx", 64), bundles.write(tmp_path / "large.onnx", 512)
    found = latency.compare({"small": small.path, "large": large.path}, rounds=5)
    assert found["small"]["the first takes of it"] == 1
    assert found["large"]["the first takes of it"] < 0.5


def test_typology_angles_order_colours_from_dark_to_light():
    angles = [slices.typology_angle(np.array(c, dtype=float)) for c in ((60, 40, 30), (150, 105, 80), (230, 195, 175))]
    assert angles == sorted(angles)
    assert angles[0] < -30
    assert angles[2] > 45


def test_thirds_are_of_people_of_the_london_set_by_the_lightness_of_their_faces(faces):
    found = slices.thirds(pictures.held_out(faces, SEED))
    london = sorted(int(g.removeprefix("person")) for g in found)
    assert london
    assert all(k % 2 == 0 for k in london)
    assert found[f"person{london[0]}"] == slices.THIRDS[0]  # the fixture makes later ones lighter
    assert found[f"person{london[-1]}"] == slices.THIRDS[-1]


def test_what_a_baseline_said_is_kept_and_what_it_cannot_judge_is_the_worst(data, tmp_path, capsys):
    table = manifest.read(data)
    test = table.where(split="test")
    flat_file = tmp_path / "flat.png"
    Image.new("RGB", (200, 200), "grey").save(flat_file)
    test = Manifest((*test.rows, replace(test.rows[0], path=flat_file, sha256="flat")))
    first = list(baselines.judged(table, test, [], tmp_path / "cache", 2, ("niqe", "brisque")))
    assert first[0].scores[-1] < first[0].scores[:-1].min()
    assert "1 images without a score count as the worst" in first[0].notes
    capsys.readouterr()
    again = list(baselines.judged(table, test, [], tmp_path / "cache", 2, ("niqe", "brisque")))
    assert "Scoring" not in capsys.readouterr().out
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.scores, other.scores)


def test_one_command_judges_a_model_in_every_respect(faces, data, tmp_path, monkeypatch):
    """Two real kinds are enough for a ladder here; all of them take minutes."""
    monkeypatch.setattr(pictures, "PRISTINE_SIDE", LARGE)
    monkeypatch.setattr(pictures, "FEWEST_LADDERS", 1)
    monkeypatch.setattr(pictures, "KINDS", ("blur", "jpeg"))
    monkeypatch.setattr(pictures, "UNSEEN", {"median": UNSEEN["median"]})
    monkeypatch.setattr(slices, "SAMPLES", 50)
    new, old = bundles.write(tmp_path / "new.onnx", 96).path, bundles.write(tmp_path / "old.onnx", 64).path
    teacher = bundles.write(tmp_path / "teacher.onnx", 96, bias=0.4).path
    command = ["student", str(data), str(faces), "--model", str(new), "--model", str(old), "--teacher", str(teacher)]
    command += [
        "--teacher",
        str(new),
        "--show",
        "london/,congress/",
        "--ladders",
        "1",
        "--stable",
        "2",
        "--threads",
        "2",
        "--out",
        str(tmp_path / "report.md"),
    ]
    monkeypatch.setattr(sys, "argv", command)
    judge.main()
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert set(found["models"]) == {"new", "old"}
    assert found["srcc with the teacher"] == pytest.approx(1)
    test = manifest.read(data).where(split="test")
    scores = [row.score for row in Scorer(new, workers=1).score(row.path for row in test.rows)]
    assert found["models"]["new"]["test"]["srcc"][0] == pytest.approx(metrics.srcc(np.array(scores), test.mos))
    assert found["baselines"]["brisque"]["test"]["srcc"][0] > 0.9  # fitted on blurs, judged on blurs of others
    assert found["models"]["new"]["ladders"]["blur: blur"]["five in order"] == 1
    assert found["models"]["new"]["proxy"]["poor"] > 0
    assert set(found["baselines"]) == {"niqe", "sharpness", "brisque"}
    assert set(found["margins"]) == {"old", "niqe", "sharpness", "brisque"}
    assert set(found["latency"]) == {"new", "old", "its teacher teacher", "its teacher new"}
    assert sum(s["people"] for s in found["slices"]["models"]["new"].values()) > 1
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| SRCC with its teacher | >= 0.985 | 1.0000 | reached |" in text
    assert "| SRCC with the weak labels, people never seen | >= 0.97 |" in text
    assert "no appearance groups" in text
    assert len(list(tmp_path.glob("report-*.png"))) == 4


def test_fewer_ladders_than_mean_something_are_refused(faces, data, tmp_path, monkeypatch, capsys):
    command = [
        "student",
        str(data),
        str(faces),
        "--model",
        "x.onnx",
        "--ladders",
        "11",
        "--out",
        str(tmp_path / "r.md"),
    ]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit):
        judge.main()
    assert "at least 12" in capsys.readouterr().err
