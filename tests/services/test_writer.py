"""The one writer: order, precedence of edits, errors, closing."""

from __future__ import annotations

import threading

import pytest

from app.library import catalog, edits, people
from app.library.catalog import ScanEntry, ScoredImage
from app.library.changes import Changes
from app.services.writer import Writer, WriterClosedError
from tests import waiting


@pytest.fixture
def writer(qtbot):
    made = Writer()
    yield made
    assert made.close(waiting.LONG_S)


def test_first_in_first_out_and_edits_overtake_bulk(qtbot, writer):
    order, gate, entered = [], threading.Event(), threading.Event()

    def hold():
        entered.set()
        gate.wait()

    writer.submit(hold)
    entered.wait()
    for name in ("bulk 1", "bulk 2"):
        writer.submit(order.append, name, bulk=True)
    for name in ("edit 1", "edit 2"):
        writer.submit(order.append, name)
    gate.set()
    assert writer.flush(waiting.LONG_S)
    assert order == ["edit 1", "edit 2", "bulk 1", "bulk 2"]


def test_who_asked_hears_first_that_it_is_written_then_every_view(qtbot, writer):
    seen = []
    writer.changed.connect(lambda c: seen.append(("changed", c, threading.current_thread())))
    change = Changes(7, "rate", (1,), labels=True)
    writer.submit(lambda: change, on_done=lambda c: seen.append(("done", c, threading.current_thread())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    here = threading.main_thread()
    assert seen == [("done", change, here), ("changed", change, here)]


def test_an_error_goes_to_its_asker_or_to_everybody_and_the_writer_lives_on(qtbot, writer):
    def fail():
        raise OSError("disk full")

    told = []
    with qtbot.waitSignal(writer.failed) as failed:
        writer.submit(fail, on_error=told.append)
        writer.submit(fail)
    assert isinstance(failed.args[0], OSError)
    assert len(told) == 1
    assert writer.submit(lambda: 5).result(waiting.LONG_S) == 5


def test_close_writes_all_that_waits_and_refuses_more(qtbot):
    writer, written = Writer(), []
    for i in range(200):
        writer.submit(written.append, i, bulk=i % 2 == 0)
    assert writer.close(waiting.LONG_S)
    assert sorted(written) == list(range(200))
    with pytest.raises(WriterClosedError):
        writer.submit(written.append, 1)


def test_submit_from_another_thread(qtbot, writer):
    seen = []
    thread = threading.Thread(target=lambda: writer.submit(lambda: Changes(1, "scan"), on_done=seen.append))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(seen) == 1)


def test_a_label_is_durable_before_the_scores_that_were_there_first(qtbot, writer, library):
    folder = catalog.add_folder(library, library.directory)
    ids = catalog.record_scan(library, folder, [ScanEntry(f"{n}.jpg", 1, 1) for n in range(40)]).image_ids
    ann = people.ensure_rater(library, "Ann")
    who = {"rater_id": ann.id, "session_id": people.start_session(library, ann.id)}
    gate, written = threading.Event(), []
    writer.submit(gate.wait, bulk=True)
    for image_id in ids:
        batch = [ScoredImage(image_id, f"{image_id:064x}", 8, 8, 0.5, None)]
        scores = writer.submit(catalog.record_scores, library, "model", "preprocessing", batch, bulk=True)
        scores.add_done_callback(lambda _: written.append("scores"))
    label = writer.submit(edits.correct, library, ids[:1], 0.75, **who)
    label.add_done_callback(lambda _: written.append("label"))
    gate.set()
    assert writer.flush(30.0)
    assert written == ["label"] + ["scores"] * 40


def test_what_is_being_written_counts_as_unwritten(writer):
    gate, entered = threading.Event(), threading.Event()
    done = writer.submit(lambda: (entered.set(), gate.wait(waiting.LONG_S)))
    assert entered.wait(waiting.LONG_S)
    assert writer.pending() == 1
    gate.set()
    done.result(waiting.LONG_S)
    assert writer.flush(waiting.LONG_S)
    assert writer.pending() == 0
