"""kill -9 at any moment: every acknowledged label is in the library, and the file is sound."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import sys

import numpy as np

from tests.library.conftest import open_desk
from tests.library.rating_process import label_until_killed

KILLS = int(os.environ.get("FIQA_KILLS", "24"))


def _context():
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")  # imports once, so that each child is labelling at once
    context.set_forkserver_preload(["tests.library.rating_process"])
    return context


def _label_and_kill(directory: str, seed: int, context) -> list[tuple]:
    """The acts that one child acknowledged before it was killed."""
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=label_until_killed, args=(directory, seed, theirs))
    child.start()
    theirs.close()
    acknowledged = []
    try:
        for _ in range(random.Random(seed).randint(0, 25)):
            acknowledged.append(ours.recv())
    finally:
        child.kill()
    child.join()
    assert child.exitcode == (-9 if sys.platform != "win32" else child.exitcode)
    while True:
        try:
            acknowledged.append(ours.recv())
        except EOFError:
            return acknowledged


def _check(directory, acts: list[tuple]) -> int:
    """Every act is there with all its events; returns the newest act."""
    database = sqlite3.connect(directory / "library.sqlite")
    assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert database.execute("pragma foreign_key_check").fetchall() == []
    for seq, kind, images, value in acts:
        if not seq:
            continue  # nothing to undo
        assert database.execute("select kind from act where seq = ?", [seq]).fetchall() == [(kind,)]
        tables = {"correct": ("correction",), "rate": ("rating",), "undo": ("correction", "rating")}[kind]
        found = [
            row for t in tables for row in database.execute(f"select image_id, value from {t} where act_seq = ?", [seq])
        ]
        assert {i for i, _ in found} == set(images)
        assert kind == "undo" or {v for _, v in found} == {value}
    newest = database.execute("select max(seq) from act").fetchone()[0] or 0
    database.close()
    return newest


def test_no_acknowledged_label_is_lost(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", [f"{i}.jpg" for i in range(40)])
    directory, context, acts = desk.library.directory, _context(), []
    desk.library.close()
    for seed in range(KILLS):
        acts += _label_and_kill(str(directory), seed, context)
        assert _check(directory, acts) >= max((a[0] for a in acts), default=0)
    assert len(acts) > KILLS
    assert sum(a[0] > 0 for a in acts) == len({a[0] for a in acts if a[0]}), "no act was acknowledged twice"

    again = open_desk(directory, tmp_path / "faces", [])
    stored = again.columns()
    with again.library.write() as session:
        from app.library import outcome

        outcome.refresh_mos(session, again.ids)
    np.testing.assert_array_equal(stored.mos, again.columns().mos, "the stored MOS is what the events give")
    again.library.close()
