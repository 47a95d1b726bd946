"""Thumbnails on a screen of twice the pixels: as many as the tile has."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests import pictures

CHILD = """
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.ui.application import Program, arguments

app = QApplication([])
program = Program(app, arguments([sys.argv[1], "--library", sys.argv[2], "--rater", "Ada"]))
program.open(program.options.library.absolute())

def look():
    window = program.window
    if window is None or len(window.model) < 2 or not window.all_pictured():
        return
    gallery = window.central.gallery
    picture = gallery._pictures.get(window.model.id_at(0))
    tile = gallery.tile_rect(0)
    print(json.dumps([app.devicePixelRatio(), max(picture.width(), picture.height()), tile.width()]), flush=True)
    window.close()
    app.quit()

timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
app.exec()
"""


@pytest.mark.parametrize("factor", ["1", "2"])
def test_a_thumbnail_has_the_pixels_of_its_tile(tmp_path, factor):
    for number in range(2):
        pictures.save(pictures.face(number, (1200, 1200)), tmp_path / "faces" / f"{number}.jpg")
    command = [sys.executable, "-c", CHILD, str(tmp_path / "faces"), str(tmp_path / "library")]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor, "FIQA_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=env)
    assert done.returncode == 0, done.stderr
    ratio, pixels, tile = json.loads(done.stdout.splitlines()[-1])
    assert ratio == float(factor)
    assert pixels == {"1": 256, "2": 512}[factor]
    assert pixels >= (tile - 20) * ratio  # its frame apart
