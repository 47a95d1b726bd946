"""What the curator's acts do to the effective MOS, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from app.library import changes, edits
from app.library.display import set_display_scale
from app.library.library import LabelValueError, LibraryError


def test_a_correction_sets_the_mos_and_says_what_changed(desk):
    first = edits.correct(desk.library, desk.ids[:2], 0.25, **desk.who, initiator="panel", why="blurred")
    assert (first.seq, first.kind, first.image_ids, first.labels) == (1, "correct", tuple(desk.ids[:2]), True)
    assert first.initiator == "panel"
    assert first.text == "MOS 0.25 on 2 images"
    assert edits.correct(desk.library, desk.ids[:2], 0.75, **desk.who).text == "MOS 0.25 to 0.75 on 2 images"
    assert desk.mos() == [0.75, 0.75, None, None, None, None]
    rows = desk.columns()
    assert list(rows.provenance[:3]) == ["human", "human", ""]
    assert np.isnan(rows.mos_low[0])


def test_ratings_give_the_mean_and_its_interval_one_per_rater(desk):
    image = desk.ids[:1]
    values = [0.5, 0.75, 1.0]
    edits.rate(desk.library, image, 0.0, **desk.who)  # replaced by the rater's next one
    for name, value in zip(("Ann", "Bea", "Cy"), values, strict=True):
        edits.rate(desk.library, image, value, mode="blind", **desk.other(name))
    rows = desk.columns()
    half = stats.t.ppf(0.975, 2) * np.std(values, ddof=1) / math.sqrt(3)
    assert rows.mos[0] == pytest.approx(np.mean(values))
    assert rows.n_ratings[0] == 3
    assert (rows.mos_low[0], rows.mos_high[0]) == pytest.approx((np.mean(values) - half, np.mean(values) + half))
    assert rows.provenance[0] == "human"


def test_a_correction_goes_before_ratings_until_it_is_cleared(desk):
    image, bea = desk.ids[:1], desk.other("Bea")
    edits.rate(desk.library, image, 0.5, **bea)
    edits.correct(desk.library, image, 1.0, **desk.who)
    assert desk.mos()[0] == 1.0
    edits.clear(desk.library, image, **desk.who)
    assert desk.mos()[0] == 0.5, "the other rater's opinion is not mine to clear"
    edits.clear(desk.library, image, **bea)
    assert desk.mos()[0] is None
    nothing = edits.clear(desk.library, image, **bea)
    assert (nothing.seq, nothing.image_ids) == (0, ())
    assert not nothing


@pytest.mark.parametrize("mode", ["open", "blind"])
def test_a_rating_leaves_a_correction_standing_and_says_so_and_counts_when_it_is_cleared(desk, mode):
    edits.correct(desk.library, desk.ids[:1], 1.0, **desk.other("Bea"))
    rated = edits.rate(desk.library, desk.ids[:1], 0.25, mode=mode, **desk.who)
    assert rated.text == "rated 0.25 on 1 image; its correction stays the MOS"
    both = edits.rate(desk.library, desk.ids[:2], 0.25, mode=mode, **desk.who)
    assert both.text == "rated 0.25 on 2 images; on 1 a correction stays the MOS"
    assert desk.mos()[:2] == [1.0, 0.25]
    edits.clear(desk.library, desk.ids[:1], **desk.other("Bea"))
    assert desk.mos()[0] == 0.25
    assert edits.rate(desk.library, desk.ids[:1], 0.5, **desk.who).text == "rated 0.50 on 1 image"


@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan, math.inf])
def test_a_mos_outside_its_range_is_refused(desk, value):
    with pytest.raises(LabelValueError, match="between 0 and 1"):
        edits.correct(desk.library, desk.ids, value, **desk.who)
    with pytest.raises(ValueError, match="between 0 and 1"):
        edits.rate(desk.library, desk.ids, value, **desk.who)
    assert changes.last_seq(desk.library) == 0


def test_unknown_images_and_flags_are_refused_and_nothing_is_written(desk):
    with pytest.raises(LabelValueError, match="knows no image 999"):
        edits.correct(desk.library, [desk.ids[0], 999], 0.5, **desk.who)
    with pytest.raises(LabelValueError, match="no flag"):
        edits.flag(desk.library, desk.ids, "purple", **desk.who)
    with pytest.raises(LabelValueError, match="No image"):
        edits.correct(desk.library, [], 0.5, **desk.who)
    assert changes.last_seq(desk.library) == 0
    assert desk.mos() == [None] * 6


def test_flags_notes_and_assignments_can_be_set_and_undone(desk):
    image = desk.ids[:1]
    edits.flag(desk.library, image, "reject", **desk.who)
    edits.note(desk.library, image, "eyes shut", **desk.who)
    edits.assign(desk.library, image, "split", "test", **desk.who)
    edits.assign(desk.library, image, "group", "Ann B.", **desk.who)
    rows = desk.columns()
    assert (rows.flag[0], rows.split[0], rows.group[0]) == ("reject", "test", "Ann B.")
    for _ in range(4):
        edits.undo(desk.library, **desk.who)
    rows = desk.columns()
    assert (rows.flag[0], rows.split[0], rows.group[0]) == ("", "", "")


def test_a_batch_is_one_act(desk):
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    assert changes.last_seq(desk.library) == 1
    undone = edits.undo(desk.library, **desk.who)
    assert undone.image_ids == tuple(desk.ids)
    assert desk.mos() == [None] * 6


def test_others_learn_of_acts_by_their_number(desk):
    assert changes.since(desk.library, 0) is None
    edits.correct(desk.library, desk.ids[:1], 0.5, **desk.who)
    edits.flag(desk.library, desk.ids[2:3], "pick", **desk.who)
    news = changes.since(desk.library, 0)
    assert news is not None
    assert (news.seq, news.image_ids, news.labels) == (2, (desk.ids[0], desk.ids[2]), True)
    assert changes.since(desk.library, 2) is None
    restored = changes.since(desk.library, 7)
    assert restored is not None
    assert restored.everything


def test_a_rater_needs_a_name(desk):
    with pytest.raises(LibraryError, match="needs a name"):
        desk.other("  ")
    assert desk.other("ANN ")["rater_id"] == desk.rater_id


def test_an_act_tells_values_on_the_scale_of_its_day(desk):
    image = desk.ids[:1]
    edits.correct(desk.library, image, 0.5, **desk.who)
    set_display_scale(desk.library, 1, 5)
    assert edits.undo_text(desk.library, desk.rater_id) == "MOS 0.50 on 1 image"
    assert edits.correct(desk.library, image, 0.55, **desk.who).text == "MOS 3.00 to 3.20 on 1 image"
    set_display_scale(desk.library, 0, 100)
    assert edits.rate(desk.library, image, 0.75, **desk.who).text.startswith("rated 75 on 1 image;")
