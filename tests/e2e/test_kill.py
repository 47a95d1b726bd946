"""kill -9 of the real window while it rates: every acknowledged label is in the library afterwards."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.library import catalog
from app.library.catalog import ScanEntry
from app.services.desk import open_library
from tests import pictures, waiting

KILLS = int(os.environ.get("FIQA_KILLS", "20"))


@pytest.fixture
def library(tmp_path):
    """A library on six real faces."""
    files = pictures.folder(tmp_path / "faces", 6)
    opened = open_library(tmp_path / "library")
    folder = catalog.add_folder(opened, tmp_path / "faces")
    entries = [ScanEntry(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    catalog.record_scan(opened, folder, entries)
    opened.close()
    return tmp_path / "library"


def rate_and_die(library: Path, acts: int) -> list[tuple[int, int, float]]:
    """Run the window until it has acknowledged so many acts, kill it at once; what it had said until then."""
    command = [sys.executable, "-m", "tests.e2e.rating_child", str(library)]
    with (library.parent / "stderr.txt").open("w") as errors:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    said = []
    assert child.stdout is not None
    for line in child.stdout:
        said.append(line)
        if len(said) == acts:
            child.kill()
            break
    said += child.stdout.readlines()
    child.wait(waiting.LONG_S)
    assert len(said) >= acts, (library.parent / "stderr.txt").read_text()
    whole = [line.split() for line in said if line.endswith("\n")]
    return [(int(seq), int(image), float(value)) for seq, image, value in whole]


@pytest.mark.timeout(1800)
def test_no_acknowledged_label_is_ever_lost(library):
    rng = random.Random(0)
    for _ in range(KILLS):
        acts = rate_and_die(library, rng.randint(1, 25))
        assert acts
        with closing(sqlite3.connect(library / "library.sqlite")) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
            stored = dict(connection.execute("select act_seq, value from correction"))
        for seq, _image, value in acts:
            assert stored[seq] == pytest.approx(value)
