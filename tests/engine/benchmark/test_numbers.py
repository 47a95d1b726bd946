"""From scores to numbers: calibration that looks at no test label, paired differences, Holm, convergence, pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy import stats

from engine.benchmark import latency, numbers, plots, words
from engine.benchmark.outcome import Outcome, collect
from engine.benchmark.systems import System, choose, rows, told
from engine.errors import UserError
from engine.manifest import Manifest, Row
from engine.recipes import RECIPES
from engine.scoring import ScoreRow


def simulated(n=240, seed=0):
    rng = np.random.default_rng(seed)
    splits = ("val", "cal", "test", "test")
    table = tuple(
        Row(Path(f"{k}.jpg"), mos, splits[k % 4], group=f"g{k // 8}") for k, mos in enumerate(rng.random(n).tolist())
    )
    return Manifest(table), rng


def outcome(key, scores):
    return Outcome(key, scores=tuple(None if np.isnan(s) else float(s) for s in scores))


def test_numbers_are_those_of_scipy_on_the_test_split_alone():
    table, rng = simulated()
    scores = table.mos + rng.normal(0, 0.2, len(table))
    found = numbers.agreement(numbers.Held.of(table), scores)
    test = np.array([r.split == "test" for r in table.rows])
    assert found["n"] == 120
    assert found["srcc"]["value"] == pytest.approx(stats.spearmanr(scores[test], table.mos[test]).statistic)
    assert found["plcc"]["value"] == pytest.approx(stats.pearsonr(scores[test], table.mos[test]).statistic)
    assert found["krcc"]["value"] == pytest.approx(stats.kendalltau(scores[test], table.mos[test]).statistic)
    assert found["srcc"]["low"] < found["srcc"]["value"] < found["srcc"]["high"]
    assert found["calibrated_on"] == "cal"


def test_a_raw_value_far_from_the_scale_is_calibrated_on_other_images():
    """Minus a distance of 3 to 20, as NIQE gives: its error counts in MOS, after a curve that saw no test label."""
    table, rng = simulated()
    scores = -20 + 17 * table.mos + rng.normal(0, 0.5, len(table))
    found = numbers.agreement(numbers.Held.of(table), scores)
    assert found["rmse_cal"]["value"] < 0.06
    assert found["rmse_fit"]["value"] <= found["rmse_cal"]["value"] + 1e-9
    moved = [Row(r.path, 1 - r.mos if r.split == "test" else r.mos, r.split, group=r.group) for r in table.rows]
    turned = numbers.agreement(numbers.Held.of(Manifest(tuple(moved))), scores)
    assert turned["rmse_cal"]["value"] > 0.3  # the curve did not follow the test labels
    assert turned["rmse_fit"]["value"] < 0.06  # that of the literature does


def test_without_cal_the_curve_is_that_of_val():
    table, _ = simulated()
    few = Manifest(tuple(r for r in table.rows if r.split != "cal"))
    assert numbers.agreement(numbers.Held.of(few), few.mos)["calibrated_on"] == "val"


def test_holm_by_hand():
    """Holm (1979): the smallest times 3, the next times 2, the last times 1, never falling."""
    assert numbers.holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


def test_differences_are_paired_and_adjusted():
    table, rng = simulated(800)
    near, far = table.mos + rng.normal(0, 0.1, 800), table.mos + rng.normal(0, 0.6, 800)
    twin = near + rng.normal(0, 0.002, 800)
    twin[3] = np.nan
    systems = [System(k, k, "network", k) for k in ("far", "twin")] + [System("student", "Student", "student")]
    outcomes = {"far": outcome("far", far), "twin": outcome("twin", twin), "student": outcome("student", near)}
    found = numbers.all_numbers(systems, outcomes, table)
    assert found["far"]["difference"]["verdict"] == "worse"
    assert found["far"]["difference"]["high"] < 0
    assert found["twin"]["difference"]["verdict"] == "no real difference"
    assert found["twin"]["difference"]["p_holm"] >= found["twin"]["difference"]["p"]
    assert found["student"]["difference"] is None


def test_what_does_not_beat_the_floors_has_not_converged():
    table, rng = simulated()
    scores = {
        "sharpness": table.mos + rng.normal(0, 0.5, len(table)),
        "constant": np.full(len(table), 0.5),
        "niqe": rng.random(len(table)),
        "musiq": rng.random(len(table)),
        "liqe": table.mos + rng.normal(0, 0.1, len(table)),
        "stairiqa": np.full(len(table), np.nan),
    }
    systems = [s for s in rows(1, RECIPES["tiny"]) if s.key in scores]
    found = numbers.all_numbers(systems, {k: outcome(k, v) for k, v in scores.items()}, table)
    assert {k for k, v in found.items() if not v["converged"]} == {"musiq", "stairiqa"}
    assert np.isnan(found["constant"]["srcc"]["value"])
    assert found["stairiqa"]["n"] == 0


@pytest.mark.parametrize(
    ("curve", "rise"),
    [
        ([(40, 0.5), (80, 0.6), (100, 0.63)], 0.03),
        ([(40, 0.5), (80, 0.7), (100, 0.63)], 0.0),
        ([(60, 0.6), (100, 0.7)], 0.05),  # at 80 the line between them says 0.65
        ([(20, None), (60, 0.6), (90, None), (100, 0.61)], 0.005),
        ([(50, 0.5), (100, None)], 0.0),
        ([(100, 0.8)], np.inf),
        ([], None),
    ],
)
def test_how_far_a_curve_still_rose(curve, rise):
    assert numbers.late_rise(curve) == (None if rise is None else pytest.approx(rise))


def test_what_still_rises_has_not_converged_and_is_in_no_order():
    table, rng = simulated()
    noise = rng.normal(0, 0.2, len(table))
    curves = {
        "musiq": ((80, 0.5), (100, 0.521)),
        "stairiqa": ((80, 0.5), (100, 0.519)),
        "liqe": ((100, 0.5),),
        "brisque": (),
    }
    found = numbers.all_numbers(
        [s for s in rows(1, RECIPES["tiny"]) if s.key in curves],
        {key: replace(outcome(key, table.mos + noise), curve=curve) for key, curve in curves.items()},
        table,
    )
    assert {k for k, v in found.items() if not v["converged"]} == {"musiq", "liqe"}
    assert "still rose by 0.021 in the last fifth" in words.why_unconverged(found["musiq"])
    assert "too few validations" in words.why_unconverged(found["liqe"])
    assert words.why_unconverged(found["stairiqa"]) == ""
    entries = [
        {"key": k, "title": k, "reason": "", "notes": (), "left_out": (), "budget": "100 steps of 8", "numbers": v}
        | {"part": "classic" if k == "brisque" else "network", "init": "" if k == "brisque" else "random"}
        for k, v in found.items()
    ]
    results = {"systems": entries, "recipe": {}}
    assert [name for name in curves if name in words.order(results)[0]] == ["stairiqa", "brisque"]
    said = words.remarks({"systems": entries})
    assert any(line.startswith("musiq: not converged: ") and "in 100 steps of 8 images" in line for line in said)


def test_networks_that_did_not_begin_alike_are_not_ranked_together():
    table, rng = simulated(800)
    keys = ("brisque", "stairiqa", "mobilenetv2", "student", "fast")
    given = {k: outcome(k, table.mos + rng.normal(0, 0.1 + 0.2 * n, 800)) for n, k in enumerate(keys)}
    found = numbers.all_numbers([s for s in rows(1, RECIPES["tiny"]) if s.key in keys], given, table)
    first = {
        "brisque": "",
        "stairiqa": "random",
        "mobilenetv2": "ImageNet (timm)",
        "student": "random",
        "fast": "random",
    }
    entries = [
        {"key": k, "title": k, "numbers": found[k], "part": "student" if k in ("student", "fast") else "network"}
        | {"init": first[k]}
        for k in keys
    ]

    def said(teacher):
        recipe = {"teacher": {"network": {"init": teacher}}}
        return words.order({"systems": entries, "recipe": recipe})

    for line in said("random"):
        assert not ("mobilenetv2" in line and "stairiqa" in line)
    ranked = [line for line in said("bundled") if line.startswith("By SRCC")]
    assert [[k for k in keys if k in line] for line in ranked] == [
        ["brisque", "stairiqa"],
        ["brisque", "mobilenetv2"],
        ["student", "fast"],
    ]
    assert not any("stairiqa" in line for line in said("bundled") if "student (" in line)


def test_a_file_that_is_not_the_labelled_one_has_no_score():
    table = Manifest((Row(Path("a"), 0.1, "test", sha256="1"), Row(Path("b"), 0.2, "test")))
    given = [ScoreRow(Path("a"), Path("a"), "2", 1, 1, 0.5), ScoreRow(Path("b"), Path("b"), error="the file is gone")]
    scores, left_out = collect(table, given, lambda done, total: None)
    assert scores == (None, None)
    assert left_out == (("a", "the file has changed since it was labelled"), ("b", "the file is gone"))


def test_the_tables_have_the_papers_rows():
    paper = RECIPES["paper"]
    keys = [s.key for s in rows(1, paper)]
    assert keys[:3] == ["constant", "sharpness", "filesize"]
    assert keys[3:] == [
        *("niqe", "brisque", "musiq", "stairiqa", "liqe", "teacher", "teacher+"),
        *("mobilenetv2", "mobilenetv2-352", "student", "fast"),
    ]
    alone, first, both = (s.recipe for s in rows(2, paper)[3:])
    assert alone.teacher is None
    assert (first.rounds, both.rounds) == (1, 2)
    assert first.teacher == both.teacher
    fast = {s.key: s for s in rows(1, paper.with_values({"student.network.init": "bundled"}))}["fast"].recipe.student
    assert (fast.network.arch, fast.network.init) == ("mobilenetv4_conv_small", "random")
    assert [s.title for s in rows(3, paper)[3:]] == ["Student at 336", "Student at 352"]
    with pytest.raises(UserError):
        rows(4, paper)


@pytest.mark.parametrize(("init", "begins"), [("bundled", "random"), ("imagenet", "imagenet"), ("random", "random")])
def test_the_fast_student_is_its_own_network_whatever_the_student_begins_with(init, begins):
    recipe = RECIPES["quick"].with_values({"student.network.init": init})
    found = {s.key: s.recipe.student.network for s in rows(1, recipe) if s.key in ("student", "fast")}
    assert (found["student"].arch, found["student"].init) == ("edgenext_xx_small", init)
    assert (found["fast"].arch, found["fast"].init) == ("mobilenetv4_conv_small", begins)


def test_systems_are_chosen_and_told():
    table = rows(1, RECIPES["tiny"])
    assert [s.key for s in choose(table, ["niqe", " liqe "])][3:] == ["niqe", "liqe"]
    with pytest.raises(UserError, match="Did you mean 'brisque'"):
        choose(table, ["brisk"])
    changed = {s.key: s for s in told(table, {"liqe.epochs": "3", "fast.student.training.epochs": "1"})}
    assert changed["liqe"].options == {"epochs": 3}
    assert changed["fast"].recipe.student.training.epochs == 1
    assert changed["student"].recipe.student.training.epochs != 1
    assert changed["liqe"].digest() != {s.key: s for s in table}["liqe"].digest()
    with pytest.raises(UserError, match="names no system"):
        told(table, {"lique.epochs": "3"})


def test_the_median_is_of_calls_after_warm_up():
    called = []
    ms, calls = latency.median_ms(called.append, [Path("a"), Path("b")])
    assert calls == latency.CALLS
    assert len(called) > latency.CALLS
    assert 0 <= ms < 10


def test_a_mark_far_out_stands_hollow_at_the_edge_and_is_counted():
    points = [plots.Point(-10 + 0.1 * k, 0.5, str(k)) for k in range(100)]
    moved, outside = plots.gathered([plots.Point(-300, 0.1, "far"), *points])
    assert outside == 1
    assert (moved[0].faint, moved[0].title) == (True, "far")
    assert -14 < moved[0].x < -10
    assert moved[1:] == points
    assert plots.gathered(points) == (points, 0)
    assert plots.gathered([]) == ([], 0)


def test_plots_are_pictures_in_whole_marks():
    points = [plots.Point(0.4949, 0.98, "<student> & co", "student", 0.97, 0.99), plots.Point(230.74, 0.89, "b", "b")]
    svg = plots.scatter(points, title="SRCC against GMACs", x="GMACs", y="SRCC", log_x=True)
    root = ElementTree.fromstring(svg)
    circles = [e for e in root.iter() if e.tag == "circle"]
    assert len(circles) == 2
    xs = [float(c.get("cx")) for c in circles]
    assert 0 < xs[0] < xs[1] < plots.WIDTH
    assert float(circles[0].get("cy")) < float(circles[1].get("cy"))  # up is more
    assert {"1", "10", "100"} <= set(re.findall(r">([\d.]+)</text>", svg))
    assert "&lt;student&gt; &amp; co" in svg
    near = [plots.Point(1.0, 0.5, k, k, 0.45, 0.55) for k in ("Teacher", "Teacher+", "Student", "MobileNetV2 (224)")]
    root = ElementTree.fromstring(plots.scatter(near, title="t", x="x", y="y"))
    places = [(float(e.get("x")), float(e.get("y"))) for e in root.iter("text") if e.text in {p.label for p in near}]
    assert len(set(places)) == 4  # systems of the same cost have labels side by side, none over another
    assert all(0 <= x <= plots.WIDTH and 0 <= y <= plots.HEIGHT for x, y in places)
    assert "nothing to draw" in plots.scatter([], title="t", x="x", y="y")
