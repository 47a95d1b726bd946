"""From real faces to a labelled set: contents, splits, quotas, resuming, cancelling, bad input."""

from __future__ import annotations

import fnmatch
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import resources
from engine import manifest
from engine.degrade import FAMILIES, KINDS, parse_steps
from engine.errors import Cancelled
from engine.train import degrade_set, weak_labels
from engine.train.degrade_plan import plan
from engine.train.degrade_recipe import DataRecipe, load
from engine.train.degrade_set import build, read_errors
from engine.train.degrade_sources import DegradeError, FaceBox, crop_around, find_sources

pytestmark = pytest.mark.train
ONE, SMALL = DataRecipe(per_image=1, size=120), DataRecipe(per_image=2, size=120)


@pytest.fixture
def faces(tmp_path) -> Path:
    """Three clean samples in folders, with a manifest above them: two pictures of one person."""
    folder = tmp_path / "faces"
    rows = ["path,group,face_x,face_y,face_w,face_h"]
    for name, place, group in [("05", "a/one.jpg", "ann"), ("11", "a/two.jpg", "ann"), ("19", "b/three.jpg", "bob")]:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(resources.samples() / f"face-{name}.jpg", folder / place)
        rows.append(f"{place},{group},150,120,170,220")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    return folder


def content(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in [*(out / "images").iterdir(), out / "manifest.csv", out / "errors.csv"]}


def test_the_set_and_its_manifest(faces, tmp_path):
    out, seen = tmp_path / "set", []
    made = build(faces, out, DataRecipe(per_image=6, size=200), workers=1, on_progress=lambda *p: seen.append(p))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert len(made) == 18
    assert read_errors(out) == []
    again = manifest.read(out / "manifest.csv")
    assert again.digest() == made.digest()
    assert {r.provenance for r in again.rows} == {f"weak:{weak_labels.RULE}"}
    assert {r.group for r in again.rows} == {"ann", "bob"}
    for row in again.rows:
        with Image.open(row.path) as picture:
            assert max(picture.size) <= 200
        assert row.split in ("train", "val", "cal", "test")
        assert row.source == "labeled"
        assert 0 < row.mos <= float(row.extra["cap"]) + 1e-4
    by_person = {g: {r.split for r in again.rows if r.group == g} for g in ("ann", "bob")}
    assert all(len(splits) == 1 for splits in by_person.values())
    for reference in ("a/one.jpg", "a/two.jpg", "b/three.jpg"):
        mine = [r for r in again.rows if r.extra["reference"] == reference]
        ladder = [r for r in mine if r.extra["ladder"]]
        clean = next(r for r in mine if r.extra["kind"] == "clean")
        labels = [r.mos for r in (clean, *sorted(ladder, key=lambda r: r.extra["severity"]))]
        assert len(ladder) == 3
        assert labels == sorted(labels, reverse=True)
        assert {r.extra["crop"] for r in ladder} == {clean.extra["crop"]}


def test_cancelling_resuming_and_the_number_of_processes_change_nothing(faces, tmp_path):
    def stop(done: int, total: int) -> None:
        if done == 1:
            raise Cancelled

    whole, cut = tmp_path / "whole", tmp_path / "cut"
    with pytest.raises(Cancelled):
        build(faces, cut, SMALL, workers=2, on_progress=stop)
    assert not (cut / "manifest.csv").exists()
    kept = list((cut / ".parts").glob("*.json"))
    assert kept
    starts: list[int] = []
    build(faces, cut, SMALL, workers=1, on_progress=lambda done, total: starts.append(done))
    assert starts[0] == len(kept)
    build(faces, whole, SMALL, workers=1)
    assert content(whole) == content(cut)


def test_a_second_build_does_nothing(faces, tmp_path):
    out = tmp_path / "set"
    build(faces, out, ONE, workers=1)
    before = {p: p.stat().st_mtime_ns for p in (out / "images").iterdir()}
    build(faces, out, ONE, workers=1)
    assert {p: p.stat().st_mtime_ns for p in (out / "images").iterdir()} == before


def test_another_seed_gives_other_pixels(faces, tmp_path):
    a = build(faces, tmp_path / "a", DataRecipe(per_image=2, size=120, limit=1), workers=1)
    b = build(faces, tmp_path / "b", DataRecipe(per_image=2, size=120, seed=1, exclude=("a/two*", "b/*")), workers=1)
    assert len(a) == len(b) == 2
    assert {r.sha256 for r in a.rows}.isdisjoint(r.sha256 for r in b.rows)
    assert {r.extra["reference"] for r in b.rows} == {"a/one.jpg"}


def test_a_second_draw_keeps_the_splits_and_may_be_of_some_alone(faces, tmp_path):
    first = build(faces, tmp_path / "a", DataRecipe(per_image=2, size=120), workers=1)
    splits = {r.group: r.split for r in first.rows}
    seed = next(k for k in range(1, 99) if any(DataRecipe(seed=k).split_of(g) != s for g, s in splits.items()))
    wanted = splits["ann"]
    recipe = DataRecipe(per_image=2, size=120, seed=seed, split_seed=0, splits=(wanted,))
    second = build(faces, tmp_path / "b", recipe, workers=1)
    assert {r.group: r.split for r in second.rows} == {g: s for g, s in splits.items() if s == wanted}
    assert {r.sha256 for r in first.rows}.isdisjoint(r.sha256 for r in second.rows)


def test_unreadable_sources_are_listed_and_never_substituted(faces, tmp_path):
    (faces / "b" / "broken.jpg").write_bytes((faces / "a" / "one.jpg").read_bytes()[:4000])
    (faces / "b" / "text.png").write_text("no image")
    notes: list[str] = []
    made = build(faces, tmp_path / "set", ONE, workers=1, on_note=notes.append)
    assert len(made) == 3
    assert {Path(p).name for p, _ in read_errors(tmp_path / "set")} == {"broken.jpg", "text.png"}
    assert any("2 of 5 images were left out" in n for n in notes)
    assert any("No group is known for 2 of 5" in n for n in notes)


def test_a_manifest_naming_a_missing_file_reports_it(faces, tmp_path):
    with (faces / "manifest.csv").open("a") as stream:
        stream.write("b/gone.jpg,eve,1,1,10,10\n")
    made = build(faces / "manifest.csv", tmp_path / "set", ONE, workers=1)
    assert len(made) == 3
    assert [Path(p).name for p, _ in read_errors(tmp_path / "set")] == ["gone.jpg"]


def test_a_folder_below_its_manifest_finds_groups_and_one_without_says_so(faces, tmp_path):
    notes: list[str] = []
    made = build(faces / "a", tmp_path / "x", ONE, workers=1, on_note=notes.append)
    assert {r.group for r in made.rows} == {"ann"}
    assert notes == []
    (faces / "manifest.csv").unlink()
    made = build(faces / "a", tmp_path / "y", ONE, workers=1, on_note=notes.append)
    assert {r.group for r in made.rows} == {"one.jpg", "two.jpg"}
    assert len(notes) == 1


def test_sources_that_are_known_to_be_degraded_are_named():
    notes: list[str] = []
    assert len(find_sources(resources.samples(), exclude=[], note=notes.append)) == 24
    assert notes == ["14 of 24 images are already degraded by their manifest: labels count only what is added."]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"per_image": 0}, "at least"),
        ({"exclude": ("*",)}, "no images"),
        ({"limit": -1}, "at least"),
        ({"tight": 0.5}, "tight"),
        ({"whole": 1.5}, "whole"),
        ({"without": tuple(FAMILIES)}, "no kind"),
    ],
)
def test_wrong_arguments_are_told(faces, tmp_path, arguments, words):
    with pytest.raises(DegradeError, match=words):
        build(faces, tmp_path / "set", DataRecipe(**arguments))


def test_nothing_readable_or_no_such_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"")
    with pytest.raises(DegradeError, match="None of the 1 images"):
        build(tmp_path / "in", tmp_path / "set", workers=1)
    with pytest.raises(DegradeError, match="does not exist"):
        build(tmp_path / "nowhere", tmp_path / "set")


def test_the_plan_goes_round_by_quota():
    turns = 10 * len(KINDS)
    plans = [plan(rank, 8) for rank in range(turns)]
    assert all(len(p) == 8 and [i.index for i in p] == list(range(8)) for p in plans)
    ladders = Counter((i.steps.split(":")[0]) for p in plans for i in p if i.ladder)
    assert set(ladders) == set(KINDS)
    assert set(ladders.values()) == {30}
    singles = [parse_steps(i.steps)[0] for p in plans for i in p if ":" in i.steps and not i.ladder]
    assert set(Counter(s.kind for s in singles).values()) == {20}
    fifths = Counter(min(int((s.severity - 1) / 0.8), 4) for s in singles)
    assert max(fifths.values()) < 1.4 * min(fifths.values())
    assert sum(i.steps == "drawn" for p in plans for i in p) == 2 * turns
    assert all(i.view == 0 for p in plans for i in p if i.ladder or not i.steps)
    for per_image in (1, 2, 3, 12):
        assert [len(plan(r, per_image)) for r in range(9)] == [per_image] * 9


def test_the_pool_is_of_training_people_and_has_no_labels(faces, tmp_path):
    recipe = DataRecipe(per_image=1, size=120, pool=("*",), pool_per_image=2)
    made = build(faces, tmp_path / "set", recipe, workers=1)
    again = manifest.read(tmp_path / "set" / "manifest.csv")
    assert again.digest() == made.digest()
    waiting = [r for r in again.rows if r.mos is None]
    trained = {r.extra["reference"] for r in again.rows if r.split == "train"}
    assert {r.extra["reference"] for r in waiting} == trained
    assert len(waiting) == 2 * len(trained)
    assert {(r.pool, r.split, r.source) for r in waiting} <= {("a", "train", "unlabeled")}


def test_a_large_pool_is_as_it_is_through_chains_and_through_every_kind_alone():
    plans = [plan(rank, per_image=1, pooled=9)[1:] for rank in range(len(KINDS))]
    assert all(i.pool for p in plans for i in p)
    assert all([i.steps for i in p[:3]] == ["", "drawn", "drawn"] for p in plans)
    assert Counter(i.steps.partition(":")[0] for p in plans for i in p[3:]) == {
        "drawn": 3 * len(KINDS),
        **dict.fromkeys(KINDS, 3),
    }


def test_a_held_out_family_is_nowhere(faces, tmp_path):
    made = build(faces, tmp_path / "set", DataRecipe(per_image=8, size=100, limit=1, without=("blur",)), workers=1)
    used = {step.kind for r in made.rows for step in parse_steps(r.extra["steps"])}
    assert used
    assert not used & set(FAMILIES["blur"])


def test_the_recipe_file(tmp_path):
    file = tmp_path / "data.toml"
    file.write_text('seed = 3\nexclude = ["a/*"]\nwithout = ["noise"]\nloose = 3\n')
    recipe = load(file)
    assert recipe == DataRecipe(seed=3, exclude=("a/*",), without=("noise",), loose=3.0)
    assert recipe.changed(seed=None, size=200) == DataRecipe(
        seed=3, size=200, exclude=("a/*",), without=("noise",), loose=3.0
    )
    for text, words in [
        ("sed = 3", "Did you mean 'seed'"),
        ('without = ["fog"]', "must be one of"),
        ("size = 1", "32"),
    ]:
        file.write_text(text)
        with pytest.raises(DegradeError) as refused:
            load(file)
        assert words in f"{refused.value.message} {refused.value.remedy}"


@pytest.mark.parametrize("name", ["student-data.toml", "student-data-more.toml", "student-data-pattern.toml"])
def test_the_recipes_of_the_bundled_students_keep_what_is_for_judging_out(name):
    recipe = load(Path(__file__).parents[3] / "docs" / "models" / name)
    assert (recipe.split_seed or 0) == 0
    for path in ("snapshots/lisa_0000.jpg", "canada/canada_0000.jpg", "canada/canada_0019.jpg"):
        assert any(fnmatch.fnmatch(path, pattern) for pattern in recipe.exclude)
    assert not any(fnmatch.fnmatch("canada/canada_0020.jpg", pattern) for pattern in recipe.exclude)
    came_later = ("pattern",)
    assert recipe.without == (() if name == "student-data-pattern.toml" else came_later)


def test_the_crop_holds_the_face_and_stays_inside():
    face, size = FaceBox(30, 10, 60, 80), (140, 200)
    for seed in range(200):
        left, top, right, bottom = crop_around(face, size, np.random.default_rng(seed))
        assert 0 <= left < right <= 140
        assert 0 <= top < bottom <= 200
        assert left <= 42
        assert right >= 78
        assert bottom - top >= 80
    assert crop_around(None, size, np.random.default_rng(0)) == (0, 0, 140, 200)
    assert FaceBox.of({"face_x": "1", "face_y": "2", "face_w": "", "face_h": "4"}) is None


def test_content_number_is_part_of_the_fingerprint(faces, tmp_path, monkeypatch):
    out = tmp_path / "set"
    build(faces, out, ONE, workers=1)
    starts: list[int] = []
    monkeypatch.setattr(degrade_set, "CONTENT", degrade_set.CONTENT + 1)
    build(faces, out, ONE, workers=1, on_progress=lambda done, total: starts.append(done))
    assert starts[0] == 0


def test_a_share_of_the_views_is_the_whole_picture(faces, tmp_path):
    shares = {}
    for whole in (0.0, 0.5, 1.0):
        made = build(faces, tmp_path / str(whole), DataRecipe(per_image=12, size=64, whole=whole), workers=1)
        views = {(r.extra["reference"], r.extra["crop"]) for r in made.rows}
        sizes = {r.extra["reference"]: Image.open(faces / r.extra["reference"]).size for r in made.rows}
        shares[whole] = np.mean([crop == f"0 0 {sizes[name][0]} {sizes[name][1]}" for name, crop in views])
        ladders = {(r.extra["ladder"], r.extra["crop"]) for r in made.rows if r.extra["ladder"]}
        assert len(ladders) == 3  # the rungs of a ladder show the same view
    assert shares[0.0] == 0 < shares[0.5] < shares[1.0] == 1
