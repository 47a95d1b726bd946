"""The background primitive: what it reports, on which thread, and how it stops."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from app.services import worker
from tests import waiting


def _record(w):
    seen = []
    w.started.connect(lambda: seen.append("started"))
    w.yielded.connect(lambda v: seen.append(("yielded", v, threading.current_thread())))
    w.returned.connect(lambda v: seen.append(("returned", v, threading.current_thread())))
    w.errored.connect(lambda e: seen.append(("errored", e, threading.current_thread())))
    w.finished.connect(lambda: seen.append("finished"))
    return seen


def test_a_function_runs_elsewhere_and_answers_here(qtbot):
    w = worker.start(lambda a, b: (a + b, threading.current_thread()), 1, b=2)
    seen = _record(w)
    with qtbot.waitSignal(w.finished):
        pass
    (_, (value, where), here) = seen[1]
    assert seen[0] == "started"
    assert seen[-1] == "finished"
    assert value == 3
    assert where is not here is threading.main_thread()


def test_a_generator_reports_each_yield_in_order(qtbot):
    def count():
        for i in range(5):
            yield i
            yield None
        return "end"

    w = worker.start(count)
    seen = _record(w)
    with qtbot.waitSignal(w.finished):
        pass
    main = threading.main_thread()
    assert seen == ["started", *[("yielded", i, main) for i in range(5)], ("returned", "end", main), "finished"]


@pytest.mark.parametrize("as_generator", [False, True])
def test_an_error_reaches_the_main_thread(qtbot, as_generator):
    def fail():
        raise OSError("no disk")

    def fail_later():
        yield 1
        raise OSError("no disk")

    w = worker.start(fail_later if as_generator else fail)
    seen = _record(w)
    with qtbot.waitSignal(w.finished):
        pass
    kind, error, where = seen[-2]
    assert kind == "errored"
    assert isinstance(error, OSError)
    assert where is threading.main_thread()


def test_quit_stops_at_the_next_yield_and_closes_the_generator(qtbot):
    closed = threading.Event()

    def forever():
        try:
            while True:
                yield "tick"
        finally:
            closed.set()

    w = worker.start(forever)
    seen = _record(w)
    w.yielded.connect(lambda _: w.quit())
    with qtbot.waitSignal(w.finished):
        pass
    assert closed.is_set()
    assert not any(s[0] == "returned" for s in seen)


def test_stop_all_names_what_does_not_stop(qtbot):
    release, inside = threading.Event(), threading.Event()

    def stubborn():
        inside.set()
        release.wait()

    def obedient():
        while True:
            yield None

    a, b = worker.start(stubborn), worker.start(obedient)
    inside.wait()
    qtbot.waitUntil(lambda: worker.stop_all(0.05) == [a])
    assert "stubborn" in a.name
    assert not b.is_running()
    release.set()
    with qtbot.waitSignal(a.finished):
        pass
    assert worker.stop_all(waiting.LONG_S) == []


def test_a_worker_nobody_keeps_still_reports(qtbot):
    seen = []
    go = threading.Event()
    worker.start(go.wait).finished.connect(lambda: seen.append(True))
    go.set()
    qtbot.waitUntil(lambda: seen == [True])


@pytest.mark.skipif(sys.platform != "linux", reason="a nice value per thread is Linux's own")
def test_politeness_is_of_the_thread_alone(qtbot):
    def work():
        worker.be_polite()
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    w = worker.start(work)
    with qtbot.waitSignal(w.returned) as told:
        pass
    assert told.args[0] > before == os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="a nice value per thread is Linux's own")
def test_what_follows_polite_work_is_not_held_back(qtbot):
    """Threads are used again, but a thread cannot become less polite."""
    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    polite = worker.start(worker.be_polite)
    with qtbot.waitSignal(polite.finished):
        pass
    priorities = []
    for _ in range(10):
        w = worker.start(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        w.returned.connect(priorities.append)
        with qtbot.waitSignal(w.finished):
            pass
    assert priorities == [here] * 10
