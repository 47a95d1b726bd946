"""Shared by all tests: no display, no trace outside the test's own folder."""

from __future__ import annotations

import gc
import os

import pytest

import engine  # noqa: F401  # before any test loads ONNX Runtime: see there
from tests.waiting import PatientBot

FULL_PASS_AFTER = 25
"""Passes over the middle-aged, one a test, after which everything is looked at."""

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# One thread each where several processes share the cores (`make test`): threads that wait for a core spin.
os.environ.setdefault("OMP_NUM_THREADS", "1" if "PYTEST_XDIST_WORKER" in os.environ else "2")
os.environ["LC_ALL"] = os.environ["LANGUAGE"] = "C.UTF-8"  # the window would speak the developer's own language


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory, monkeypatch):
    """Caches and libraries go to a folder of the test, never to the developer's own."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("FIQA_HOME", str(home))


@pytest.fixture
def qtbot(qapp, request):
    """pytest-qt's, with patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True, scope="session")
def _collect_on_this_thread():
    """As in the program (`app.services.collector`): a background thread that collects a Qt object can wait for ever."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collect_between_tests(_collect_on_this_thread):
    yield
    gc.collect(2 if gc.get_count()[2] >= FULL_PASS_AFTER else 1)


@pytest.fixture(autouse=True, scope="session")
def _same_splits():
    """A library draws the salt of its splits; here always the same, so that chance decides no test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.library.library.secrets.token_hex", lambda count: "0123456789abcdef"[: 2 * count])
        yield
