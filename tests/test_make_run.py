"""What `make run` does where there is no display: it says so, does the work offscreen, and leaves a picture."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

import resources

ROOT = Path(__file__).resolve().parent.parent
OF_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run(folder: Path, out: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OF_DISPLAYS}
    return subprocess.run(
        [sys.executable, "scripts/run.py", str(folder), "--out", str(out)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT), "FIQA_HOME": str(out / "home")},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_without_a_display_it_says_what_it_does_and_saves_a_picture(tmp_path):
    folder = tmp_path / "two words"
    folder.mkdir()
    for name in ("face-01.jpg", "face-02.jpg"):
        shutil.copy(resources.samples() / name, folder / name)
    done = run(folder, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    picture = tmp_path / "out" / "window.png"
    announced = f"There is no display: the window opens offscreen on {folder}, scores every face and saves {picture}."
    assert done.stdout.splitlines() == [announced, f"2 images, all scored; saved {picture}"]
    with Image.open(picture) as image:
        assert image.width >= 1200


def test_a_folder_that_is_not_there_is_told(tmp_path):
    done = run(tmp_path / "nowhere", tmp_path / "out")
    assert done.returncode == 2
    assert f"{tmp_path / 'nowhere'} is no folder" in done.stderr
