"""Leave-one-family-out in small: nobody learns from the family, not even in a chain; a second call trains nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import leave_family_out as leave
from engine import manifest as manifests
from engine.manifest import Manifest, Row
from tests.engine.train.conftest import make_faces

pytestmark = pytest.mark.train

RECIPE = """
base = "tiny"
threads = 1

[student.network]
size = 32

[student.training]
epochs = 9
max_steps = 2
"""
STEPS = ("", "blur:1", "blur:3", "blur:5", "defocus:2+jpeg:3", "noise:2")


@pytest.fixture
def table(tmp_path) -> Manifest:
    """The pictures of `make_faces` as if they came from `fiqa degrade`: a clean one, a ladder, a chain, another."""
    rows = make_faces(tmp_path / "faces", 60).rows
    return Manifest(tuple(_degraded(row, k) for k, row in enumerate(rows)))


def _degraded(row: Row, k: int) -> Row:
    steps = STEPS[k % len(STEPS)]
    kind = "chain" if "+" in steps else steps.partition(":")[0] or "clean"
    source = f"person{k // len(STEPS)}"
    split = ("train", "train", "train", "val", "cal", "test")[k // len(STEPS) % 6]
    extra = {"kind": kind, "severity": steps.partition(":")[2] if kind == "blur" else "", "steps": steps}
    extra |= {"ladder": f"{source}:blur" if kind == "blur" else "", "reference": source}
    return replace(row, mos=1 - k % len(STEPS) / 6, split=split, source="labeled", group=source, extra=extra)


def test_nothing_of_the_family_is_learned_from_or_chosen_by(table):
    kept = leave.without(table, "blur", val=100)
    used = [r for r in kept.rows if r.split in ("train", "val")]
    assert used
    assert {r.extra["steps"] for r in used} == {"", "noise:2"}
    assert [r.path for r in kept.rows] == [r.path for r in table.rows]  # one cache of pixels for all
    for split in ("cal", "test"):
        assert [r.path for r in kept.where(split=split).rows] == [r.path for r in table.where(split=split).rows]


def test_whole_people_choose_the_epoch_and_no_more_than_asked(table):
    assert len(leave.without(table, leave.NONE, val=100).where(split="val")) == 12
    few = leave.without(table, leave.NONE, val=7).where(split="val")
    assert len(few) == 6
    assert len(set(few.groups)) == 1


def test_a_family_is_judged_beside_the_clean_pictures_of_the_same_people(table):
    rows = leave.judged(table, "noise", ("test",))
    assert {r.extra["kind"] for r in rows.rows} == {"clean", "noise"}
    assert {r.split for r in rows.rows} == {"test"}
    ladder = leave.judged(table, "blur", ("test",))
    assert len(ladder) == 4
    assert leave.neighbours_in_order(np.array([0.9, 0.7, 0.8, 0.1]), ladder) == pytest.approx(2 / 3)
    assert np.isnan(leave.neighbours_in_order(np.zeros(len(rows)), rows))


def test_all_that_was_left_out_counts_the_chains_and_no_clean_picture(table):
    assert {r.extra["kind"] for r in leave.all_left_out(table, "blur", ("test",)).rows} == {"blur", "chain"}
    assert {r.extra["kind"] for r in leave.all_left_out(table, "compression", ("test",)).rows} == {"chain"}


def test_a_report_of_each_family_and_a_second_call_that_trains_nothing(table, tmp_path, monkeypatch):
    manifests.write(table, tmp_path / "manifest.csv")
    (tmp_path / "short.toml").write_text(RECIPE, encoding="utf-8")
    out, report = tmp_path / "out", tmp_path / "report.md"
    command = ["leave_family_out", str(tmp_path / "manifest.csv"), "--out", str(out), "--report", str(report)]
    monkeypatch.setattr(sys, "argv", [*command, "--recipe", str(tmp_path / "short.toml"), "--only", "blur", "noise"])
    leave.main()
    found = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert [row["family"] for row in found] == ["blur", "noise"]
    assert found[0]["trained on"] < found[1]["trained on"] < 36
    assert found[0]["test"]["images"] == found[0]["chains too"]["images"] == 4
    assert "| blur | 12 | 4 (1) |" in report.read_text(encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*-best.safetensors")}
    assert len(before) == 3
    leave.main()
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*-best.safetensors")} == before


def test_only_families_that_the_pictures_can_judge_are_left_out(table):
    assert leave.present(table) == ["blur", "noise"]
    assert leave.present(table.where(split="train")) == []
