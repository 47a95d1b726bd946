"""Nothing leaves the machine: ONNX Runtime, whose wheels report usage by default, is loaded with that forbidden.

Where it reports, it first writes an id of the machine and a queue of events to the user's cache folder
(`Microsoft/DeveloperTools/.onnxruntime`), whether or not there is a network: no such folder, no report.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import resources

ROOT = Path(__file__).resolve().parent.parent
FORBIDS = ("ORT_", "CI", "GITHUB_", "TF_BUILD", "BUILD_", "JENKINS_", "TRAVIS", "GITLAB_")
"""Variables by which ONNX Runtime keeps silent of itself; a curator's machine has none of them."""


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "app.cli", "score", str(resources.samples() / "face-01.jpg")],
        ["-m", "app", "--library", "{home}/library", "--screenshot", "{home}/window.png", str(resources.samples())],
        ["-c", "import app.services.support.installation as facts; print(facts.program())"],
    ],
    ids=["terminal", "window", "facts"],
)
def test_the_program_leaves_no_report(tmp_path, words):
    kept = {k: v for k, v in os.environ.items() if not k.startswith((*FORBIDS, "XDG_"))}
    environment = {**kept, "HOME": str(tmp_path), "FIQA_HOME": str(tmp_path / "fiqa"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, *(word.format(home=tmp_path) for word in words)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert [path for path in tmp_path.rglob("*") if "microsoft" in path.name.lower() or path.name == "deviceid"] == []


def test_every_package_that_loads_onnx_runtime_loads_the_engine_first():
    """The variable is set there; after ONNX Runtime it would come too late."""
    tops = ("app", "benchmarks", "building", "engine", "scripts", "tests")
    users = {
        top for top in tops for path in (ROOT / top).rglob("*.py") if "import onnxruntime" in path.read_text("utf-8")
    }
    assert {"app", "benchmarks", "tests"} <= users
    for package in users - {"engine"}:
        first = ROOT / package / ("conftest.py" if package == "tests" else "__init__.py")
        assert re.search(r"^import engine\b", first.read_text("utf-8"), re.MULTILINE), package
