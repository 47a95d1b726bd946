"""The collector leaves other threads alone, and still collects."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

from app.services.collector import CalmCollector


class Knot:
    def __init__(self):
        self.me = self
        self.destroyed_on = destroyed_on

    def __del__(self):
        self.destroyed_on.append(threading.current_thread())


destroyed_on: list[threading.Thread] = []


@pytest.fixture
def calm(qapp):
    """A collector as in the running program, where Python's own is on before and after."""
    was_on = gc.isenabled()
    gc.enable()
    destroyed_on.clear()
    collector = CalmCollector()
    yield collector
    collector.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    if not was_on:
        gc.disable()


def test_what_other_threads_leave_is_collected_on_the_windows_thread(qtbot, calm):
    knots = []

    def work():
        for number in range(50_000):  # Python's own collector would have come a dozen times by now
            knot = Knot()
            if number % 10_000 == 0:
                knots.append(weakref.ref(knot))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: all(knot() is None for knot in knots))
    assert set(destroyed_on) == {threading.main_thread()}


def test_full_passes_are_rare(qtbot, calm):
    passes = []

    def note(phase, info):
        if phase == "start":
            passes.append(info["generation"])

    gc.callbacks.append(note)
    try:
        kept = []
        for _ in range(40):
            kept.append([[i] for i in range(3_000)])
            calm.tick()
    finally:
        gc.callbacks.remove(note)
    assert len(kept) == 40
    assert passes.count(0) > passes.count(1) > 0
    assert 2 not in passes
