"""The benchmark of the bundled students: kinds that no training has, real good above real poor, stable scores."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image

import resources
from benchmarks.student import pictures, sheets
from benchmarks.student.measures import auc, good_above_poor, in_order, stability
from benchmarks.student.unseen import UNSEEN
from engine import groups, manifest
from engine.degrade import KINDS, rng_for
from engine.scoring import Scorer

SEED = 0


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    return np.asarray(Image.open(resources.samples() / "face-11.jpg").convert("RGB").resize((240, 300)))


@pytest.mark.parametrize("kind", UNSEEN)
def test_unseen_kinds_are_unseen_and_get_worse(face, kind):
    assert kind not in KINDS
    rungs = [UNSEEN[kind](face, s, rng_for(0, "", 0)) for s in range(1, 6)]
    assert all(r.shape == face.shape and r.dtype == np.uint8 for r in rungs)
    errors = [np.square(r.astype(float) - face).mean() for r in rungs]
    assert all(a < b for a, b in itertools.pairwise([0, *errors])), errors


def test_auc():
    assert auc(np.array([2.0, 3.0]), np.array([1.0, 1.5])) == 1
    assert auc(np.array([2.0, 1.0]), np.array([1.0, 2.0])) == 0.5


@pytest.fixture
def faces(tmp_path) -> list[pictures.Source]:
    """A sample as large and as small portraits of ten people, by files and manifest."""
    lines = ["path,group,width,height,face_x,face_y,face_w,face_h"]
    for k in range(10):
        side = 150 if k % 2 else 400
        Image.open(resources.samples() / "face-11.jpg").convert("RGB").resize((side, side)).save(tmp_path / f"{k}.jpg")
        lines.append(f"{k}.jpg,person{k},{side},{side},{side // 4},{side // 4},{side // 2},{side // 2}")
    (tmp_path / "manifest.csv").write_text("\n".join(lines) + "\n")
    return pictures.held_out(tmp_path / "manifest.csv", SEED)


def test_nobody_of_the_training_is_among_the_pictures(faces, tmp_path):
    everybody = {f"person{k}" for k in range(10)}
    trained = {g for g in everybody if groups.split_of(g, salt=str(SEED)) == "train"}
    assert trained
    assert {s.row.group for s in faces} == everybody - trained


def test_the_measures_of_the_bundled_student(faces, face, tmp_path):
    scorer = Scorer(resources.default_model(), workers=1)
    poor, good = ([s for s in faces if (s.row.extra["width"] == w)] for w in ("150", "400"))
    found = good_above_poor(scorer, good or faces[:1], poor or faces[:1])
    assert 0 <= found["auc whole"] <= 1
    rungs = [face, *(UNSEEN["median"](face, s, rng_for(0, "", 0)) for s in range(1, 6))]
    assert in_order(scorer, [("unseen", "median", rungs)])["all unseen"]["spearman"] > 0.5
    rows = tuple(manifest.Row(s.row.path, 0.5, extra={"kind": "clean"}) for s in faces)
    test = manifest.Manifest(rows)
    assert all(0 <= value < 0.2 for value in stability(scorer, test, 2).values())
    sheets.write(test, np.arange(len(test), dtype=float), tmp_path / "sheet")
    assert len(list(tmp_path.glob("sheet-*.png"))) == 4
