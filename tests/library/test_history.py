"""The history of an image, reasons of flags, notes, ratings by rater."""

from __future__ import annotations

import pytest

from app.library import edits, history
from app.library.errors import LabelValueError


def test_the_history_says_who_when_from_to_and_why(desk):
    library, image = desk.library, desk.ids[0]
    edits.correct(library, [image], 0.42, why="squinting", **desk.who)
    edits.correct(library, [image], 0.55, **desk.other("Bea"))
    edits.rate(library, [image], 1.0, mode="blind", **desk.who)
    edits.flag(library, [image], "reject", reason="unusable", **desk.who)
    edits.note(library, [image], "cut off", **desk.who)
    edits.assign(library, [image], "split", "test", **desk.who)
    edits.undo(library, **desk.who)
    entries = history.history(library, image)
    said = [(e.who, e.kind, e.act, e.before, e.after, e.why, e.mode, e.undone) for e in entries]
    assert said == [
        ("Ann", "split", "undo", "test", None, "", "", False),
        ("Ann", "split", "assign", None, "test", "", "", True),
        ("Ann", "note", "note", None, "cut off", "", "", False),
        ("Ann", "flag", "flag", None, "reject", "unusable", "", False),
        ("Ann", "rating", "rate", None, 1.0, "", "blind", False),
        ("Bea", "correction", "correct", 0.42, 0.55, "", "", False),
        ("Ann", "correction", "correct", None, 0.42, "squinting", "", False),
    ]
    assert [e.at for e in entries] == sorted((e.at for e in entries), reverse=True)
    assert history.history(library, desk.ids[1]) == []
    assert history.note(library, image) == "cut off"


def test_every_rater_s_own_rating_can_be_read(desk):
    edits.rate(desk.library, desk.ids[:1], 0.25, **desk.who)
    edits.rate(desk.library, desk.ids[:1], 0.5, **desk.who)
    edits.rate(desk.library, desk.ids[:1], 1.0, mode="blind", **desk.other("bea"))
    found = history.ratings(desk.library, desk.ids[0])
    assert [(r.rater, r.value, r.mode) for r in found] == [("Ann", 0.5, "open"), ("bea", 1.0, "blind")]
    row = desk.columns()
    assert (row.mos[0], row.n_ratings[0]) == (0.75, 2)
    assert row.mos_low[0] < 0.75 < row.mos_high[0]


def test_a_reason_comes_and_goes_with_its_flag(desk):
    edits.flag(desk.library, desk.ids[:2], "reject", reason="not a face", **desk.who)
    assert list(desk.columns().reason[:3]) == ["not a face", "not a face", ""]
    assert edits.undo_text(desk.library, desk.rater_id) == "flag 'reject' (not a face) on 2 images"
    edits.flag(desk.library, desk.ids[:1], "pick", **desk.who)
    assert list(desk.columns().reason[:2]) == ["", "not a face"]
    edits.undo(desk.library, **desk.who)
    assert list(desk.columns().reason[:2]) == ["not a face", "not a face"]
    edits.undo(desk.library, **desk.who)
    assert list(desk.columns().flag[:2]) == ["", ""]
    assert list(desk.columns().reason[:2]) == ["", ""]
    for flag, reason in (("reject", "ugly"), (None, "unusable")):
        with pytest.raises(LabelValueError, match="no reason"):
            edits.flag(desk.library, desk.ids, flag, reason=reason, **desk.who)


def test_the_words_of_undo_have_the_values(desk):
    edits.correct(desk.library, desk.ids, 0.42, **desk.who)
    edits.correct(desk.library, desk.ids, 0.55, **desk.who)
    assert edits.undo_text(desk.library, desk.rater_id) == "MOS 0.42 to 0.55 on 6 images"


def test_blind_order_is_random_stable_and_of_the_session():
    ids = list(range(100))
    order = history.blind_order(ids, 7)
    assert sorted(order) == ids != order
    assert history.blind_order(ids[::-1], 7) == order != history.blind_order(ids, 8)
