"""The collector leaves the window alone, and still collects."""

from __future__ import annotations

import gc
import weakref

from app.services.collector import CalmCollector


class Knot:
    def __init__(self):
        self.me = self


def test_no_full_pass_by_itself_but_one_on_time_and_everything_is_given_back(qtbot):
    before, passes = gc.get_threshold(), []

    def note(phase, info):
        if phase == "start" and info["generation"] == 2:
            passes.append(info)

    calm = CalmCollector()
    try:
        knot = weakref.ref(Knot())
        gc.callbacks.append(note)
        kept = [[i] for i in range(500_000)]
        assert passes == []
        calm._timer.setInterval(1)  # the minute passes
        qtbot.waitUntil(lambda: bool(passes))
        assert knot() is None
        assert len(kept) == 500_000
    finally:
        gc.callbacks.remove(note)
        calm.close()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
