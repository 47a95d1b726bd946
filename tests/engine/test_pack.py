"""A run goes to another machine and comes back: nothing outside its folder is needed, nothing wrong is taken."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile

import pytest

from engine import light_run
from engine import manifest as manifests
from engine.light_recipe import LightRecipe
from engine.manifest import Manifest, Row
from engine.pack import PackError, pack, take_back
from engine.run import RunDirectory
from tests import bundles, curator


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Faces, labels and a model on the curator's machine."""
    root = tmp_path_factory.mktemp("home")
    made = curator.faces(root / "faces", 60, side=64)
    split = ("train", "train", "test")
    rows = Manifest(
        tuple(Row(f.path, f.mos, split[k // 2 % 3], provenance="human", group=f.person) for k, f in enumerate(made))
    )
    return rows, bundles.write(root / "base.onnx", size=32)


@pytest.fixture
def run(tmp_path, home):
    rows, base = home
    return RunDirectory.create(
        tmp_path / "run", recipe=LightRecipe("personalise"), manifest=rows, baseline=str(base.path)
    )


def elsewhere(packed, tmp_path):
    """The folder at another place of another machine, done there."""
    moved = tmp_path / "elsewhere" / "scratch"
    if packed.suffix == ".zip":
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(moved)
        moved = next(moved.iterdir())
    else:
        shutil.move(packed, moved)
    done = RunDirectory.open(moved)
    light_run.execute(done)
    return done


@pytest.mark.parametrize("name", ["packed", "packed.zip"])
def test_there_and_back(tmp_path, run, home, name):
    packed = pack(run, tmp_path / name)
    done = elsewhere(packed, tmp_path)
    inside = manifests.read(done.manifest_file)
    assert all(r.path.is_relative_to(done.path) for r in inside.rows)
    assert done.job.baseline == str(done.path / "baseline.onnx")
    assert run.state.status == "created"
    back = done.path
    if name.endswith(".zip"):
        back = shutil.make_archive(str(tmp_path / "back"), "zip", done.path.parent, done.path.name)
    take_back(tmp_path / back, run)
    assert run.state.status == "done"
    assert run.report["splits"]["test"]["n"] == 20
    lines = run.predictions_file.read_text().splitlines()[1:]
    known = {str(r.path) for r in home[0].rows}
    assert all(line.split(",")[0] in known for line in lines)


def test_images_by_path_stay_where_they_are(tmp_path, run, home):
    packed = pack(run, tmp_path / "packed", images="by path")
    assert not (packed / "images").exists()
    assert [r.path for r in manifests.read(packed / "manifest.csv").rows] == [r.path for r in home[0].rows]
    take_back(elsewhere(packed, tmp_path).path, run)
    assert run.state.status == "done"


def test_what_is_no_result_of_this_run_is_refused_and_nothing_changes(tmp_path, run, home):
    packed = pack(run, tmp_path / "packed")
    with pytest.raises(PackError, match="not finished"):
        take_back(packed, run)
    done = elsewhere(packed, tmp_path)
    bundles.write(done.model_file, size=32, gain=-1.0)
    with pytest.raises(PackError, match="another model"):
        take_back(done.path, run)
    text = done.manifest_file.read_text().replace(",human,", ",weak:x,", 1)
    done.manifest_file.write_text(text)
    with pytest.raises(PackError, match="labels were changed"):
        take_back(done.path, run)
    other = dataclasses.replace(home[0].rows[0], mos=0.123)
    stranger = RunDirectory.create(
        tmp_path / "stranger", recipe=LightRecipe("personalise"), manifest=Manifest((other, *home[0].rows[1:]))
    )
    with pytest.raises(PackError, match="another run"):
        take_back(done.path, stranger)
    assert run.state.status == "created"
    assert not run.report_file.exists()


def test_a_zip_that_reaches_outside_is_refused(tmp_path, run):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("../outside.txt", "x")
        archive.writestr("run/job.json", json.dumps({}))
    with pytest.raises(PackError, match="outside itself"):
        take_back(tmp_path / "bad.zip", run)
    assert not (tmp_path.parent / "outside.txt").exists()


def test_a_missing_image_leaves_nothing_behind(tmp_path, home):
    rows = Manifest((dataclasses.replace(home[0].rows[0], path=tmp_path / "gone.png"), *home[0].rows[1:]))
    run = RunDirectory.create(tmp_path / "run", recipe=LightRecipe("calibrate"), manifest=rows)
    with pytest.raises(PackError, match=r"gone\.png"):
        pack(run, tmp_path / "packed")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run"]
