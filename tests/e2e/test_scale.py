"""At scale 2 the window is drawn with twice the pixels, not blown up."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import resources


def photograph(tmp_path, scale, theme):
    picture = tmp_path / f"{theme}-{scale}.png"
    command = [sys.executable, "-m", "app", str(resources.samples()), "--library", str(tmp_path / "library")]
    done = subprocess.run(
        [*command, "--screenshot", str(picture), "--theme", theme],
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)},
    )
    assert done.returncode == 0, done.stderr
    with Image.open(picture) as image:
        return np.asarray(image.convert("L"), dtype=np.float32)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_faces_are_crisp_at_scale_2(tmp_path, theme):
    one, two = photograph(tmp_path, 1, theme), photograph(tmp_path, 2, theme)
    assert two.shape[1] >= 1.9 * one.shape[1]
    # Blown up, neighbouring pixels come in equal pairs; drawn anew they do not.
    pairs = np.abs(two[::2, ::2][: one.shape[0] // 2] - two[1::2, 1::2][: one.shape[0] // 2])
    edges = np.abs(np.diff(two, axis=1))
    assert float((pairs > 8).mean()) > 0.01
    assert float((edges > 60).mean()) > 0.002
