"""NumPy's linear algebra runs on one thread, whichever of our packages is imported first."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("threadpoolctl")
pytestmark = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread anyway")
SAY = (
    "import json, {first}, numpy, threadpoolctl;"
    "print(json.dumps([p['num_threads'] for p in threadpoolctl.threadpool_info() if p['internal_api'] == 'openblas']))"
)


def threads(first, **setting):
    """Of every OpenBLAS of a process that imports this module first."""
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"} | setting
    command = [sys.executable, "-c", SAY.format(first=first)]
    found = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    if not found:
        pytest.skip("NumPy computes with another library here")
    return set(found)


@pytest.mark.parametrize("first", ["engine.ridge", "app.labels_cli", "app.services.advice"])
def test_one_thread(first):
    assert threads("numpy", OMP_NUM_THREADS="2") == {2}  # what it would be
    assert threads(first, OMP_NUM_THREADS="2") == {1}


def test_whoever_sets_it_keeps_what_they_set():
    assert threads("engine.ridge", OPENBLAS_NUM_THREADS="2") == {2}
