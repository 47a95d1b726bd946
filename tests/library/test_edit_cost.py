"""What a label costs: statements are counted, for each may have to wait for Python's lock."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.library import edits

MOST = 9
"""BEGIN, what is there, the act, the event in force, the new event, corrections, ratings, label sets, the image."""


@contextmanager
def _statements(library):
    seen = []
    note = lambda _connection, _cursor, statement, *_rest: seen.append(statement)  # noqa: E731
    event.listen(library._engine, "before_cursor_execute", note)
    yield seen
    event.remove(library._engine, "before_cursor_execute", note)


@pytest.mark.parametrize("act", [edits.correct, edits.rate])
def test_a_label_takes_few_statements_however_many_there_are_already(desk, act):
    for _ in range(3):
        for image_id in desk.ids:
            act(desk.library, [image_id], 0.5, **desk.who)
    with _statements(desk.library) as seen:
        act(desk.library, desk.ids[:1], 0.75, **desk.who)
    assert len(seen) <= MOST, seen


def test_a_batch_takes_as_few_statements_as_one_label(desk):
    with _statements(desk.library) as one:
        edits.correct(desk.library, desk.ids[:1], 0.5, **desk.who)
    with _statements(desk.library) as all_:
        edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    assert len(all_) == len(one)
