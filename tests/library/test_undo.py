"""Undo and redo: mine alone, across restarts, leaving alone what somebody else has changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.library import edits, history, people
from app.library.library import Library
from tests.library.conftest import open_desk


def test_undo_takes_my_last_act_and_redo_does_it_again(desk):
    edits.correct(desk.library, desk.ids[:1], 0.25, **desk.who)
    edits.correct(desk.library, desk.ids[:1], 0.75, **desk.who)
    edits.correct(desk.library, desk.ids[:1], 1.0, **desk.other("Bea"))
    assert edits.undo_text(desk.library, desk.rater_id) == "MOS 0.25 to 0.75 on 1 image"
    edits.undo(desk.library, **desk.other("Bea"))
    assert desk.mos()[0] == 0.75
    assert edits.undo(desk.library, **desk.who).text == "undo: MOS 0.25 to 0.75 on 1 image"
    assert desk.mos()[0] == 0.25
    assert edits.redo_text(desk.library, desk.rater_id) == "MOS 0.25 to 0.75 on 1 image"
    assert edits.redo(desk.library, **desk.who).kind == "redo"
    assert desk.mos()[0] == 0.75
    assert edits.redo_text(desk.library, desk.rater_id) is None


def test_a_new_act_ends_redo_for_good(desk):
    edits.correct(desk.library, desk.ids[:1], 0.25, **desk.who)
    edits.undo(desk.library, **desk.who)
    edits.correct(desk.library, desk.ids[1:2], 0.5, **desk.who)
    edits.undo(desk.library, **desk.who)
    edits.redo(desk.library, **desk.who)
    assert desk.mos()[:2] == [None, 0.5]
    assert not edits.redo(desk.library, **desk.who)


def test_images_that_somebody_changed_since_are_left_alone_and_counted(desk):
    edits.correct(desk.library, desk.ids[:3], 0.25, **desk.who)
    edits.correct(desk.library, desk.ids[:1], 1.0, **desk.other("Bea"))
    undone = edits.undo(desk.library, **desk.who)
    assert (undone.skipped, undone.image_ids) == (1, tuple(desk.ids[1:3]))
    assert "1 image left alone" in undone.text
    assert desk.mos()[:3] == [1.0, None, None]
    redone = edits.redo(desk.library, **desk.who)
    assert redone.image_ids == tuple(desk.ids[1:3])
    assert desk.mos()[:3] == [1.0, 0.25, 0.25]


def test_undo_and_redo_survive_a_restart(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", ["a.jpg", "b.jpg"])
    edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    edits.rate(desk.library, desk.ids, 0.75, **desk.who)
    edits.clear(desk.library, desk.ids[:1], **desk.who)
    edits.undo(desk.library, **desk.who)
    desk.library.close()

    desk = open_desk(tmp_path / "library", tmp_path / "faces", [])
    assert desk.mos() == [0.25, 0.25]
    edits.redo(desk.library, **desk.who)
    assert desk.mos() == [None, 0.25]
    for _ in range(3):
        assert edits.undo(desk.library, **desk.who)
    assert desk.mos() == [None, None]
    assert not edits.undo(desk.library, **desk.who)
    desk.library.close()


RATERS = ("Ann", "Bea")
IMAGES = 4
VALUES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
SOME = st.sets(st.integers(0, IMAGES - 1), min_size=1)
WHO = st.integers(0, len(RATERS) - 1)


class Curators(RuleBasedStateMachine):
    """Two raters, four images, two windows on a real library that are closed and opened again, against a dictionary."""

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp())
        desk = open_desk(self.place / "library", self.place / "faces", [f"{i}.jpg" for i in range(IMAGES)])
        self.library, self.ids = desk.library, desk.ids
        self.windows = [desk.library, Library.open(self.place / "library")]
        self.facts: dict[Any, tuple[Any, Any]] = {}
        """What is set -> (its value, the token of whoever set it)."""
        self.done: list[list[dict[str, Any]]] = [[], []]
        self.undone: list[list[dict[str, Any]]] = [[], []]
        self.tokens = 0

    def teardown(self) -> None:
        if hasattr(self, "place"):
            for window in self.windows:
                window.close()
            shutil.rmtree(self.place)

    def who(self, rater: int) -> dict[str, int]:
        row = people.ensure_rater(self.library, RATERS[rater])
        return {"rater_id": row.id, "session_id": people.start_session(self.library, row.id)}

    def _act(self, rater: int, values: dict[Any, Any]) -> None:
        self.tokens += 1
        none = (None, 0)
        act = {k: (self.facts.get(k, none), (v, self.tokens)) for k, v in values.items()}
        self.facts.update({k: after for k, (_, after) in act.items()})
        self.done[rater].append(act)
        self.undone[rater].clear()

    @rule(rater=WHO, images=SOME, value=VALUES)
    def correct(self, rater: int, images: set[int], value: float) -> None:
        edits.correct(self.library, [self.ids[i] for i in images], value, **self.who(rater))
        self._act(rater, {("correction", i): value for i in images})

    @rule(rater=WHO, images=SOME, value=VALUES)
    def rate(self, rater: int, images: set[int], value: float) -> None:
        edits.rate(self.library, [self.ids[i] for i in images], value, **self.who(rater))
        self._act(rater, {("rating", i, rater): value for i in images})

    @rule(rater=WHO, images=SOME, value=st.sampled_from([("pick", ""), ("reject", "unusable"), ("reject", ""), None]))
    def flag(self, rater: int, images: set[int], value: tuple[str, str] | None) -> None:
        flag, reason = value or (None, "")
        edits.flag(self.library, [self.ids[i] for i in images], flag, reason=reason, **self.who(rater))
        self._act(rater, {("flag", i): value for i in images})

    @rule(rater=WHO, images=SOME, value=st.sampled_from(["hat", None]))
    def note(self, rater: int, images: set[int], value: str | None) -> None:
        edits.note(self.library, [self.ids[i] for i in images], value, **self.who(rater))
        self._act(rater, {("note", i): value for i in images})

    @rule(rater=WHO, images=SOME)
    def clear(self, rater: int, images: set[int]) -> None:
        edits.clear(self.library, [self.ids[i] for i in images], **self.who(rater))
        keys = [k for i in images for k in (("correction", i), ("rating", i, rater))]
        values = {k: None for k in keys if self.facts.get(k, (None, 0))[0] is not None}
        if values:
            self._act(rater, values)

    @rule(rater=WHO)
    def undo(self, rater: int) -> None:
        result = edits.undo(self.library, **self.who(rater))
        assert bool(result.seq) == bool(self.done[rater])
        if self.done[rater]:
            act = self.done[rater].pop()
            applied = {k: pair for k, pair in act.items() if self.facts[k][1] == pair[1][1]}
            self.facts.update({k: before for k, (before, _) in applied.items()})
            self.undone[rater].append({"act": act, "applied": applied})
            images = {self.ids[k[1]] for k in applied}
            assert set(result.image_ids) == images
            assert result.skipped == len({self.ids[k[1]] for k in act} - images)

    @rule(rater=WHO)
    def redo(self, rater: int) -> None:
        result = edits.redo(self.library, **self.who(rater))
        assert bool(result.seq) == bool(self.undone[rater])
        if self.undone[rater]:
            entry = self.undone[rater].pop()
            for k, (before, after) in entry["applied"].items():
                if self.facts[k][1] == before[1]:
                    self.facts[k] = after
            self.done[rater].append(entry["act"])

    @rule()
    def restart(self) -> None:
        at = self.windows.index(self.library)
        self.library.close()
        self.library = self.windows[at] = Library.open(self.place / "library")

    @rule()
    def go_to_the_other_window(self) -> None:
        self.library = self.windows[1 - self.windows.index(self.library)]

    @invariant()
    def the_library_is_as_expected(self) -> None:
        if not hasattr(self, "place"):
            return
        from app.library import columns

        rows = columns.load(self.library, model_id="", preprocessing_id="")
        for i in range(IMAGES):
            correction = self.facts.get(("correction", i), (None, 0))[0]
            ratings = [v for r in range(2) if (v := self.facts.get(("rating", i, r), (None, 0))[0]) is not None]
            expected = correction if correction is not None else mean(ratings) if ratings else None
            seen = float(rows.mos[i])
            assert (seen != seen) if expected is None else seen == pytest.approx(expected)
            assert rows.n_ratings[i] == len(ratings)
            assert rows.provenance[i] == ("" if expected is None else "human")
            assert (rows.flag[i], rows.reason[i]) == (self.facts.get(("flag", i), (None, 0))[0] or ("", ""))
            assert history.note(self.library, self.ids[i]) == (self.facts.get(("note", i), (None, 0))[0] or "")
            own = {r.rater: r.value for r in history.ratings(self.library, self.ids[i])}
            wanted = {name: self.facts.get(("rating", i, r), (None, 0))[0] for r, name in enumerate(RATERS)}
            assert own == {name: value for name, value in wanted.items() if value is not None}


TestCurators = Curators.TestCase
TestCurators.settings = settings(
    max_examples=int(os.environ.get("FIQA_EXAMPLES", "10")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
