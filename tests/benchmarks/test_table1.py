"""The manifest of the comparison in docs/benchmark.md, and its table as Markdown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks import table1, table1_page
from engine.benchmark import numbers
from engine.benchmark.outcome import Outcome
from engine.benchmark.systems import rows
from engine.manifest import Manifest, Row
from engine.recipes import RECIPES


def test_the_part_for_the_table_has_whole_people_and_no_picture_without_a_label():
    """Fifty images a person; every fifth person of train has pictures of unknown quality, which stay out."""
    table = []
    for person in range(120):
        split = "train" if person < 90 else ("val", "cal", "test")[person % 3]
        for k in range(50):
            known = split != "train" or person % 5 or k % 2
            told = {"mos": k / 50, "split": split} if known else {"source": "unlabeled", "pool": "a"}
            table.append(Row(Path(f"{person}-{k}.jpg"), group=f"p{person}", **told))
    found = table1.part(Manifest(tuple(table)))
    counts = Counter((row.split, row.pool) for row in found.rows)
    assert (counts["train", ""], counts["", "a"], counts["", "b"]) == (1500, 1000, 1000)
    assert all(row.mos is not None for row in found.rows if not row.pool)
    learned = {row.group for row in found.rows if row.split == "train"}
    assert not learned & {row.group for row in found.rows if row.split != "train"}
    for split in ("cal", "test"):
        assert set(Counter(row.group for row in found.rows if row.split == split).values()) == {50}
    original = {row.path: row.mos for row in table}
    assert all(original[row.path] is not None for row in found.rows if row.pool)  # a pool hides a label


def test_the_page_s_table_has_a_row_for_each_system_with_its_budget():
    table = Manifest(
        tuple(Row(Path(f"{k}"), k / 240, ("val", "cal", "test", "test")[k % 4], group=f"g{k // 8}") for k in range(240))
    )
    systems = [s for s in rows(1, RECIPES["tiny"]) if s.key in ("niqe", "liqe", "student")]
    given = {"niqe": table.mos - 9, "student": table.mos**2}
    outcomes = {
        key: Outcome(key, scores=tuple(scores.tolist()), budget="7 steps of 8" * (key == "student"), seconds=90.0)
        for key, scores in given.items()
    }
    found = numbers.all_numbers([s for s in systems if s.key in given], outcomes, table)
    blank = {"params": None, "gmacs": None, "file_ms": 3.2, "size": "any", "init": "", "budget": "", "seconds": 90.0}
    entries = [
        {**blank, "title": s.title, "budget": outcomes[s.key].budget if s.key in given else ""}
        | {"numbers": found.get(s.key)}
        for s in systems
    ]
    head, rule, niqe, liqe, student = table1_page.lines({"systems": entries})
    assert head.count("|") == rule.count("|") == niqe.count("|") == liqe.count("|")
    assert niqe.startswith("| NIQE | 1.000 [1.000, 1.000] |")
    assert "| LIQE | — |" in liqe
    assert student.endswith("| 7 steps of 8 | 1.5 |")
    assert np.isfinite(found["student"]["srcc"]["value"])
