"""The experiment of docs/experiments/self-training.md in small: the whole DAG, tables, going on where it stopped."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks import self_training
from engine import manifest as manifests
from tests.engine.train.conftest import make_faces

pytestmark = pytest.mark.train

CONFIG = """
seeds = [1, 2]

[data]
labelled = 12
pool_a = 6
pool_b = 6
val = 6

[recipe]
name = "small"
threads = 1

[recipe.student.network]
arch = "mobilenetv4_conv_small_050"
size = 64

[recipe.student.training]
epochs = 1
batch = 12
lr = 1e-3

[recipe.teacher.network]
arch = "mobilenetv4_conv_small_050"
size = 64

[recipe.teacher.training]
epochs = 1
batch = 12
lr = 1e-3

[[row]]
table = "2"
name = "all"
settings = {}
base = "labels"

[[row]]
table = "2"
name = "labels"
settings = { rounds = "0" }
"""


def test_tables_over_seeds_with_intervals_and_a_second_call_that_trains_nothing(tmp_path, monkeypatch, capsys):
    table = make_faces(tmp_path / "faces", 60)
    manifests.write(table, tmp_path / "manifest.csv")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    command = ["self_training", str(tmp_path / "manifest.csv"), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", [*command, "--config", str(tmp_path / "config.toml")])
    self_training.main()
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [(r["name"], r["seeds"], len(r["srcc"])) for r in report] == [("all", [1, 2], 2), ("labels", [1, 2], 2)]
    assert report[0]["verdict"] in ("helped", "hurt", "no real difference")
    assert "| all | 2 |" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    taken = (tmp_path / "out" / "labels" / "1" / "log.txt").read_text(encoding="utf-8")
    assert "Stage teacher: taken over" in taken
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*-best.safetensors")}
    capsys.readouterr()
    self_training.main()
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*-best.safetensors")} == before
    assert "## Table 2" in capsys.readouterr().out


def test_people_are_in_one_use_only_and_pools_hide_their_labels(tmp_path):
    table = make_faces(tmp_path / "faces", 60)
    drawn = self_training.drawn(table, {"labelled": 12, "pool_a": 6, "pool_b": 6, "val": 6})
    uses = {}
    for row in drawn.rows:
        uses.setdefault(row.group, set()).add(row.pool or row.split)
    assert all(len(u) == 1 for u in uses.values())
    assert {r.mos for r in drawn.rows if r.pool} == {None}
    assert sum(r.split == "test" for r in drawn.rows) == sum(r.split == "test" for r in table.rows)
