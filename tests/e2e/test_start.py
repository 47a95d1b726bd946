"""Starting the program as a curator does: what it loads, what it leaves, what --screenshot gives."""

from __future__ import annotations

import os
import subprocess
import sys

from PIL import Image

import resources
from app.library.library import Library

PROBE = """
import sys
sys.argv = ["fiqa-desktop", *sys.argv[1:]]
from app.__main__ import main
status = main()
heavy = [m for m in ("torch", "timm", "torchvision", "piq") if m in sys.modules]
order = list(sys.modules)
print("HEAVY", heavy, "ORT FIRST", order.index("onnxruntime") < order.index("PySide6"), file=sys.stderr)
sys.exit(status)
"""


def test_the_window_scores_the_samples_without_torch_and_saves_its_picture(tmp_path):
    picture = tmp_path / "window.png"
    arguments = [str(resources.samples()), "--library", str(tmp_path / "library"), "--screenshot", str(picture)]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("24 images, all scored") == 1
    assert "HEAVY [] ORT FIRST True" in done.stderr
    with Image.open(picture) as image:
        assert image.width >= 1200
        assert len(image.convert("RGB").getcolors(1 << 24)) > 1000  # faces, not an empty frame


LATER = ("scipy", "alembic", "pyarrow", "pyqtgraph", "rich", "typer", "sklearn", "matplotlib", "pandas")
"""What a curator may come to need, but not to see a window: together more than half of the time to its first frame."""
OPENING = f"""
import sys
from PySide6.QtCore import QTimer
import app.__main__, app.ui.application as application
known = application.Program._show
def show(program, library):
    known(program, library)
    QTimer.singleShot(0, lambda: program.window.close())
application.Program._show = show
status = application.run(sys.argv[1:])
print("LOADED", [m for m in {LATER} if m in sys.modules], "WINDOW", "app.ui.main_window" in sys.modules)
sys.exit(status)
"""


def test_opening_a_known_library_loads_nothing_that_can_wait(tmp_path):
    Library.create(tmp_path / "library").close()
    done = subprocess.run(
        [sys.executable, "-c", OPENING, "--library", str(tmp_path / "library"), "--rater", "Ada"],
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    assert "LOADED [] WINDOW True" in done.stdout
