"""The status bar: a passing message that has no room is cut at a letter, and the tip has all of it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from app.ui.status import Status

LONG = "10 of 100 labels, the most suspect first, judged by a model that has not learned them."


@pytest.fixture
def status(qtbot):
    made = Status()
    qtbot.addWidget(made)
    made.show_saved()
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_message_without_room_ends_in_dots_and_is_whole_in_the_tip(qtbot, status):
    status.resize(1200, 28)
    status.say(LONG)
    qtbot.waitUntil(lambda: status.told() == LONG)
    status.resize(420, 28)
    qtbot.waitUntil(lambda: status.told().endswith("…"))
    assert status.fontMetrics().horizontalAdvance(status.told()) <= status.room().width()
    assert status.toolTip() == status.currentMessage() == LONG


def test_the_message_is_painted_before_the_permanent_facts(qtbot, status):
    status.resize(1200, 28)
    bare = status.grab().toImage()
    status.say(LONG)
    qtbot.waitUntil(lambda: status.told() == LONG)
    told = status.grab().toImage()
    room, width = status.room(), told.width()
    changed = [x for x in range(width) if any(bare.pixel(x, y) != told.pixel(x, y) for y in range(told.height()))]
    assert changed
    assert room.left() <= changed[0] <= changed[-1] <= room.right()


def test_nothing_is_called_scored_where_there_is_no_face(status):
    def told() -> list[str]:
        return [label.text() for label in status.findChildren(QLabel)]

    status.show_scoring(0, 0, 0.0)
    assert "all scored" not in told()
    status.show_scoring(24, 24, 90.0)
    assert "all scored" in told()
