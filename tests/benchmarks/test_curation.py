"""The benchmark of a curator's day in small: every number that has a goal is measured, on files that differ."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys

from benchmarks import curation, faces
from engine.image import decode, read_file
from tests import pictures


def test_serial_numbers_make_distinct_files_of_one_picture(tmp_path):
    face = pictures.save(pictures.face(1), tmp_path / "face.jpg").read_bytes()
    faces.fill(tmp_path / "many", [face], 1001)
    made = sorted((tmp_path / "many").rglob("*.jpg"))
    assert len(made) == 1001
    assert len({read_file(path).sha256 for path in made}) == 1001
    picture = decode(face, path=made[0]).tobytes()
    assert all(decode(path.read_bytes(), path=path).tobytes() == picture for path in (made[0], made[-1]))


def test_a_short_day_measures_every_goal_and_writes_its_page(tmp_path):
    for number in range(4):
        pictures.save(pictures.face(number, (120, 120)), tmp_path / "faces" / f"{number}.jpg")
    command = [sys.executable, "-m", "benchmarks.curation", str(tmp_path / "faces"), "--files", "60"]
    command += ["--ratings", "4", "--steps", "3", "--place", str(tmp_path)]
    command += ["--json", str(tmp_path / "found.json"), "--markdown", str(tmp_path / "found.md")]
    subprocess.run(command, check=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, timeout=300)
    ours = json.loads((tmp_path / "found.json").read_text())["files"]["60"]["ours"]
    assert curation.GOALS.keys() <= ours.keys()
    assert all(math.isfinite(value) for value in ours.values())
    page = (tmp_path / "found.md").read_text()
    assert all(f"| {name} |" in page for name in ours)
    assert "cores" in page
    assert not [entry for entry in tmp_path.iterdir() if entry.is_dir() and entry.name != "faces"]  # cleared away


def test_a_goal_is_reached_or_said_not_to_be():
    assert curation.verdict("memory, MB", 600.0) == ("600", "yes")
    assert curation.verdict("memory, MB", 601.0) == ("600", "no")
    assert curation.verdict("reopen: first rows, s", 1.0) == ("", "")
