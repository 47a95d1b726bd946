"""Every layout out and back: the values that it can carry are the same, and what it cannot is said."""

from __future__ import annotations

import csv
import json
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.library import edits
from app.library.exchange.applying import apply_import
from app.library.exchange.exporting import export_labels
from app.library.exchange.gathering import gather
from app.library.exchange.importing import plan_import
from app.library.exchange.layout import Asked
from app.library.exchange.registry import LAYOUTS, choose
from app.library.exchange.scale import JOD, Scale, parse_scale
from app.library.library import LibraryError
from tests.library.conftest import open_desk

DOCS = Path(__file__).parents[2] / "docs" / "layouts.md"
NAMES = ["plain.jpg", "sub dir/Zoë ä€.png", "sub dir/plain.jpg", "中文/脸.webp", 'with "q", comma.jpg', "rest.jpg"]


@pytest.fixture
def desks(tmp_path):
    made = [open_desk(tmp_path / name, tmp_path / "faces", NAMES) for name in ("here", "there")]
    yield made
    for desk in made:
        desk.library.close()


@pytest.fixture
def put(desk, tmp_path):
    """Write a file, plan its import, and apply it unless told not to."""

    def bring(name, content, *, apply=True, answer="mine", **options):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        plan = plan_import(desk.library, file, **options)
        if apply:
            apply_import(desk.library, plan, on_conflict=answer, **desk.who)
        return plan

    return bring


def records(desk):
    with desk.library.read() as session:
        return {r.name: r for r in gather(session)}


def label_by_hand(desk) -> None:
    """Corrections, ratings, splits: awkward digits included."""
    by_id = dict(zip((r for r in desk.columns().path), desk.ids, strict=True))
    ids = [by_id[str(next(p for p in by_id if p.endswith("/" + name)))] for name in NAMES]
    edits.correct(desk.library, ids[:1], 1 / 3, **desk.who, why="soft")
    for name, value in (("Ann", 0.25), ("Bea", 0.75), ("Cleo", 0.5)):
        edits.rate(desk.library, ids[1:3], value, **desk.other(name))
    edits.correct(desk.library, ids[3:4], 0.0, **desk.who)
    edits.correct(desk.library, ids[4:5], 1.0, **desk.who)
    edits.assign(desk.library, ids[:2], "split", "train", **desk.who)
    edits.assign(desk.library, ids[2:3], "split", "val", **desk.who)
    edits.assign(desk.library, ids[3:4], "split", "test", **desk.who)


FILES = [
    ("vquala", "train.csv"), ("gfiqa", "mos_val_rating.csv"), ("gfiqa", "gfiqa.json"), ("gfiqa", "packed"),
    ("cgfiqa", "label.json"), ("cgfiqa", "cgfiqa"), ("koniq", "koniq10k_distributions_sets.csv"),
    ("koniq", "koniq10k_scores_and_distributions.csv"), ("piq23", "Scores_Overall.csv"), ("pyiqa", "meta_info_x.csv"),
    ("sureal", "dataset.json"), ("imagefolder", "metadata.csv"), ("imagefolder", "metadata.jsonl"),
    ("imagefolder", "metadata.parquet"), ("csv", "labels.csv"), ("csv", "labels.tsv"), ("json", "labels.json"),
    ("json", "labels.jsonl"), ("parquet", "labels.parquet"), ("native", "labels.zip"),
]  # fmt: skip
KEEPS_SPLIT = {
    "packed", "cgfiqa", "koniq10k_distributions_sets.csv", "meta_info_x.csv", "metadata.csv", "metadata.jsonl",
    "metadata.parquet", "labels.csv", "labels.tsv", "labels.json", "labels.jsonl", "labels.parquet", "labels.zip",
}  # fmt: skip
KEEPS_SPREAD = KEEPS_SPLIT - {"packed", "cgfiqa"} | {"koniq10k_scores_and_distributions.csv", "dataset.json"}
ONLY_RATED = {"dataset.json"}


def test_every_layout_is_among_the_round_trips():
    assert {layout for layout, _ in FILES} | {"efficient-fiqa"} == set(LAYOUTS)


@pytest.mark.parametrize(("layout", "name"), FILES, ids=[f"{a}-{b}" for a, b in FILES])
def test_values_survive_the_way_out_and_back(desks, tmp_path, layout, name):
    here, there = desks
    label_by_hand(here)
    file = tmp_path / "out" / name
    file.parent.mkdir()
    written = export_labels(here.library, file, layout)
    assert (written.note == "") == (layout == "native"), "what a layout loses is said"
    assert choose(file).name in (layout, "cgfiqa" if layout == "gfiqa" else layout), "an export is recognised"
    plan = plan_import(there.library, file, layout=layout)
    assert plan.complete, plan.text
    apply_import(there.library, plan, **there.who)
    before, after = records(here), records(there)
    if name in ONLY_RATED:
        before = {key: r for key, r in before.items() if r.ratings}
    assert len(after) == written.images == len(before)
    for key, r in before.items():
        # A MOS of 0 or 1 has no finite JOD: it is written as the one 1e-9 from the end.
        assert after[key].mos == pytest.approx(r.mos, abs=1e-8 if layout == "piq23" else 1e-12), key
        if name in KEEPS_SPLIT:
            assert after[key].split == r.split, key
        if name in KEEPS_SPREAD:
            assert after[key].sd == (None if r.sd is None else pytest.approx(r.sd, abs=1e-12)), key
        assert layout not in ("sureal", "native") or after[key].ratings == r.ratings
    edits.undo(there.library, **there.who)
    assert records(there) == {}, "one undo"


@pytest.mark.parametrize(("layout", "name"), FILES, ids=[f"{a}-{b}" for a, b in FILES])
def test_an_imported_file_is_written_back_with_its_own_numbers(desks, tmp_path, layout, name):
    """Out, in elsewhere, and out again: the second file says what the first one said."""
    here, there = desks
    label_by_hand(here)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    export_labels(here.library, tmp_path / "a" / name, layout)
    apply_import(there.library, plan_import(there.library, tmp_path / "a" / name, layout=layout), **there.who)
    export_labels(there.library, tmp_path / "b" / name, layout)
    once, again = (plan_import(here.library, tmp_path / x / name, layout=layout) for x in "ab")
    assert {m.path: m.raw for m in again.matched} == {m.path: m.raw for m in once.matched}


# -- each layout as its authors write it -----------------------------------------------------------------------------


def test_vquala_has_no_header_and_may_lack_extensions(desk, put):
    plan = put("train.csv", "face_0,0.25\r\nface_1.jpg,0.5\r\n")
    assert (plan.layout, plan.label_set, plan.complete) == ("vquala", "VQualA", True)
    assert desk.mos()[:2] == [0.25, 0.5]
    assert "not from people" in " ".join(plan.notes)


def test_pseudo_labels_never_become_mos_and_go_out_again(desk, put, tmp_path):
    content = "Image,raw_score,mapped_score\nface_0.jpg,0.7123456,0.699\nface_1.jpg,0.5,0.49\n"
    plan = put("pseudo1.csv", content)
    assert (plan.layout, plan.kind, plan.score_column) == ("efficient-fiqa", "pseudo", "raw_score")
    assert desk.mos() == [None] * 6
    assert export_labels(desk.library, tmp_path / "out.csv", "efficient-fiqa").images == 2
    assert (tmp_path / "out.csv").read_text() == content
    with pytest.raises(LibraryError, match="nobody's opinion"):
        put("pseudo1.csv", content, answer="rater")


@pytest.mark.parametrize("head", ["", "Image,MOS\n", "img_name;mos\n", "filename,Score\n"])
def test_gfiqa_is_read_whatever_its_header(desk, put, head):
    sign = ";" if ";" in head else ","
    plan = put("mos_val_rating.csv", f"{head}face_0.jpg{sign}0.5\nface_1.jpg{sign}0.25\n", layout="gfiqa")
    assert (plan.label_set, desk.mos()[:2]) == ("GFIQA-20k", [0.5, 0.25])


def test_cgfiqa_takes_the_split_from_the_folder(desk, put, tmp_path):
    put("set/train/label.json", json.dumps({"Image": ["face_0.jpg"], "MOS": [0.5]}), apply=False)
    put("set/test/label.json", json.dumps({"Image": ["face_1.jpg"], "MOS": [0.25]}), apply=False)
    plan = plan_import(desk.library, tmp_path / "set")
    assert plan.layout == "cgfiqa"
    apply_import(desk.library, plan, **desk.who)
    assert list(desk.columns().split[:2]) == ["train", "test"]
    alone = plan_import(desk.library, tmp_path / "set" / "test" / "label.json")
    assert [(m.raw, m.split) for m in alone.matched] == [(0.25, "test")]
    with pytest.raises(LibraryError, match="names 2 images and 1 score"):
        put("label.json", '{"Image": ["a.png", "b.png"], "MOS": [1]}')


def test_koniq_keeps_the_distribution_and_tells_its_scale(desk, put, tmp_path):
    head = "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,MOS_zscore\n"
    plan = put("koniq10k_scores_and_distributions.csv", head + "face_0.jpg,0,0,25,73,7,105,3.828571429,0.527,76.9\n")
    assert (plan.layout, plan.scale) == ("koniq", Scale(1, 5))
    assert desk.mos()[0] == pytest.approx((3.828571429 - 1) / 4, abs=1e-6)
    out = tmp_path / "koniq10k_scores_and_distributions_again.csv"
    export_labels(desk.library, out, "koniq")
    assert next(csv.DictReader(out.open())) == {
        "image_name": "face_0.jpg", "c1": "0", "c2": "0", "c3": "25", "c4": "73", "c5": "7", "c_total": "105",
        "MOS": "3.828571429", "SD": "0.527", "MOS_zscore": "76.9",
    }  # fmt: skip
    sets = "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,set\nface_1.jpg,0,0.02,0.26,0.68,0.04,104,68.7,0.5,validation\n"
    hundred = put("koniq10k_distributions_sets.csv", sets)
    assert hundred.scale == Scale(0, 100)
    assert (desk.mos()[1], desk.columns().split[1]) == (0.687, "val")
    assert records(desk)["face_1.jpg"].sd == pytest.approx(0.5 / 4), "the real file has the MOS on 0:100, the SD on 1:5"


def test_koniq_is_read_back_on_its_scale_though_no_mean_tells_it(desk, put, tmp_path):
    for image, value in zip(desk.ids, (0.9, 0.83, 0.37), strict=False):
        edits.correct(desk.library, [image], value, **desk.who)
    out = tmp_path / "koniq10k_distributions_sets.csv"
    export_labels(desk.library, out, "koniq")
    plan = plan_import(desk.library, out)
    assert plan.scale == Scale(1, 5)
    assert [m.mos for m in plan.matched] == pytest.approx([0.9, 0.83, 0.37])


def test_a_comma_inside_a_number_is_no_number(put):
    plan = put("labels.csv", "image,mos\nface_0.jpg,0,53\n", apply=False)
    assert plan.matched == ()
    assert "'face_0.jpg,0,53' is no number" in plan.unreadable[0].reason
    with pytest.raises(LibraryError, match="several columns of numbers"):
        put("bare.csv", "face_0.jpg,0,53\nface_1.jpg,0,71\n", apply=False)


@pytest.mark.parametrize("name", ["labels.csv", "labels.json", "labels.parquet"])
@pytest.mark.parametrize("scale", ["1:0", "1:5", "0:1"])
def test_our_own_tables_are_read_on_the_scale_that_they_say(desks, tmp_path, name, scale):
    one, _ = desks
    label_by_hand(one)
    expected = one.mos()
    export_labels(one.library, tmp_path / name, None, scale=parse_scale(scale))
    plan = plan_import(one.library, tmp_path / name)
    assert plan.scale == parse_scale(scale)
    assert {m.image_id: round(m.mos, 6) for m in plan.matched} == {
        i: mos for i, mos in zip((int(k) for k in one.columns().id), expected, strict=True) if mos is not None
    }


def test_a_dmos_is_taken_as_it_is_and_said(put):
    plan = put("labels.csv", "image,dmos\nface_0.jpg,0.9\n", apply=False)
    assert "a high DMOS means a bad image" in plan.notes[-1]


def test_a_jod_keeps_its_centre_under_another_name(desk, put, tmp_path):
    put("Scores_Overall.csv", PIQ.format("Overall"), label_set="mine")
    before = desk.mos()[:3]
    out = tmp_path / "back" / "Scores_Overall.csv"
    out.parent.mkdir()
    export_labels(desk.library, out, "piq23")
    assert [round(m.mos, 6) for m in plan_import(desk.library, out).matched] == before


def test_an_old_split_beside_a_new_packing_is_refused(desk, tmp_path):
    edits.correct(desk.library, desk.ids[:1], 0.1, **desk.who)
    edits.assign(desk.library, desk.ids[:1], "split", "test", **desk.who)
    export_labels(desk.library, tmp_path / "set", "cgfiqa")
    export_labels(desk.library, tmp_path / "set", "cgfiqa")  # the same again
    edits.assign(desk.library, desk.ids[:1], "split", "train", **desk.who)
    with pytest.raises(LibraryError, match="would be read with what is written now"):
        export_labels(desk.library, tmp_path / "set", "cgfiqa")


PIQ = (
    "IMAGE PATH,IMAGE,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,SCENE,ATTRIBUTE,"
    "SCENE IDX,CONDITION\n"
    "{0}\\face_0.jpg,face_0.jpg,-3.72,0.4,-4.45,-2.87,1.58,1,0,40,A,{0},0,Indoor\n"
    "{0}\\face_1.jpg,face_1.jpg,-1.72,0.4,-2,-1,1,2,0,40,A,{0},0,Indoor\n"
    "{0}\\face_2.jpg,face_2.jpg,5,0.4,4,6,2,2,0,40,B,{0},1,Outdoor\n"
)


def test_piq23_maps_each_scene_on_its_own(desk, put, tmp_path):
    plan = put("Scores_Overall.csv", PIQ.format("Overall"))
    assert (plan.layout, plan.label_set, plan.complete) == ("piq23", "PIQ23 Overall", True)
    low, high = JOD.mos(-1.0), JOD.mos(1.0)
    assert high == pytest.approx(0.75), "one JOD is 75 % of preferences"
    assert desk.mos()[:3] == [round(low, 6), round(high, 6), 0.5], "a scene's only image is its middle"
    with_details = put("Scores_Details.csv", PIQ.format("Details"))
    assert [m.kind for m in with_details.matched] == ["aspect"] * 3
    assert desk.columns().provenance[0] == "imported:PIQ23 Overall", "an aspect never becomes the MOS"
    for attribute in ("Overall", "Details"):
        out = tmp_path / f"out_{attribute}.csv"
        assert export_labels(desk.library, out, "piq23").images == 3
        written = list(csv.DictReader(out.open()))
        given = list(csv.DictReader(PIQ.format(attribute).splitlines()))
        for a, b in zip(given, written, strict=True):
            assert {k: v for k, v in a.items() if k not in ("IMAGE PATH", "JOD", "JOD STD")}.items() <= b.items()
            assert (float(a["JOD"]), float(a["JOD STD"])) == (float(b["JOD"]), float(b["JOD STD"]))


def test_another_scale_can_be_declared_for_any_layout(desk, put):
    plan = put("Scores_Overall.csv", PIQ.format("Overall"), scale=parse_scale("-5:5"))
    assert desk.mos()[:3] == [0.128, 0.328, 1.0]
    assert not any("own; say so" in note for note in plan.notes)
    z = put("z.csv", "path,mos\nface_3.jpg,0\nface_4.jpg,1\n", scale=parse_scale("z-score"))
    assert z.scale.mapping.startswith("Phi(v)")
    assert desk.mos()[3:5] == [0.5, 0.841345]


@pytest.mark.parametrize(
    "content",
    ["name,mos,std\nface_0.jpg,0.5,0.1\n", "img_path,score,official_split\nface_0.jpg,0.5,test\n"],
)
def test_pyiqa_meta_tables(desk, put, content):
    assert put("x.csv", content).layout == "pyiqa"
    assert desk.mos()[0] == 0.5
    assert desk.columns().split[0] == ("test" if "split" in content else "")


class Malicious:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self):
        return os.mkdir, (str(self.target),)


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize("name", ["splits.pkl", "labels.csv", "label.json"])
def test_a_pickle_that_asks_to_run_code_is_refused(put, tmp_path, protocol, name):
    target = tmp_path / "owned"
    for layout in ("auto", "pyiqa", "csv"):
        with pytest.raises(LibraryError, match="can run code"):
            put(name, pickle.dumps(Malicious(target), protocol), layout=layout)
    assert not target.exists()
    pickle.loads((tmp_path / name).read_bytes())
    assert target.exists(), "the pickle was a working one"


def test_sureal_brings_each_raters_opinion(desk, put, tmp_path):
    content = {
        "dataset_name": "toy",
        "ref_score": 5,
        "ref_videos": [{"content_id": 0, "path": "r"}],
        "dis_videos": [
            {"content_id": 0, "asset_id": 0, "path": "set/face_0.jpg", "os": {"Zoë": 5, "Max": [3, 4], "": None}},
            {"content_id": 0, "asset_id": 1, "path": "face_1.jpg", "os": [1, 2]},
            {"content_id": 0, "asset_id": 2, "path": "face_2.jpg", "os": {"Max": 6}},
            {"content_id": 0, "asset_id": 3, "path": "face_3.jpg", "os": {"Max": "good"}},
        ],
    }
    plan = put("toy.json", json.dumps(content))
    assert plan.layout == "sureal"
    assert [s.reason for s in plan.out_of_scale] == ["Max's 6 is outside the scale 1 to 5"]
    assert [s.line for s in plan.unreadable] == [4]
    assert any("1 times a rater has several" in note for note in plan.notes)
    found = records(desk)
    assert found["face_0.jpg"].ratings == {"Zoë": 1.0, "Max": 0.625}
    assert found["face_1.jpg"].ratings == {"1": 0.0, "2": 0.25}
    export_labels(desk.library, tmp_path / "out.json", "sureal")
    out = json.loads((tmp_path / "out.json").read_text())
    assert [v["os"] for v in out["dis_videos"]] == [{"Max": 3.5, "Zoë": 5.0}, {"1": 1.0, "2": 2.0}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '[{"name": "face_0.jpg", "score": 0.5}, {"name": "face_1.jpg", "score": "0,25"}]'),
        ("a.json", '{"images": [{"name": "face_0.jpg", "mos": 0.5}, {"name": "face_1.jpg", "mos": 0.25}]}'),
        ("a.json", '{"name": ["face_0.jpg", "face_1.jpg"], "mos": [0.5, 0.25]}'),
        ("a.jsonl", '{"name": "face_0.jpg", "mos": 0.5}\n\n{"name": "face_1.jpg", "mos": 0.25}\n'),
    ],
)
def test_json_in_its_usual_shapes(desk, put, name, content):
    assert put(name, content).complete
    assert desk.mos()[:2] == [0.5, 0.25]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "{", "is no JSON"),
        ("a.json", "[1, 2]", "no list of records"),
        ("a.json", "[" * 100_000, "is no JSON"),
        ("a.parquet", b"PAR1 and no more", "no sound Parquet"),
        ("a.zip", b"PK\x03\x04 and no more", "is damaged"),
        ("a.json", '{"a": [1, 2], "b": [1]}', "differ in length"),
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence(put, name, content, said):
    with pytest.raises(LibraryError, match=said):
        put(name, content)


def test_a_file_can_add_opinions_of_one_more_rater(desk, put):
    edits.rate(desk.library, desk.ids[:1], 1.0, **desk.who)
    plan = put("x.csv", "path,mos\nface_0.jpg,0.5\n", apply=False)
    apply_import(desk.library, plan, on_conflict="rater", as_rater="Bea", **desk.who)
    assert records(desk)["face_0.jpg"].ratings == {"Ann": 1.0, "Bea": 0.5}


def test_a_split_of_a_person_stays_unless_the_file_is_to_win(desk, put):
    edits.assign(desk.library, desk.ids[:1], "split", "train", **desk.who)
    content = "img_path,score,official_split\nface_0.jpg,0.5,test\n"
    put("x.csv", content)
    assert desk.columns().split[0] == "train"
    put("x.csv", content, answer="theirs")
    assert desk.columns().split[0] == "test"
    edits.undo(desk.library, **desk.who)
    assert desk.columns().split[0] == "train"


def test_every_layout_has_its_section_in_the_docs():
    text = DOCS.read_text(encoding="utf-8")
    for layout in LAYOUTS.values():
        assert f"\n## `{layout.name}`" in text, layout.name
        assert f"--layout {layout.name}" in text, layout.name


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["Image", "MOS", "dis_videos", "os", "path", "mos", "file_name"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=JSON)
def test_no_json_breaks_a_reader(tmp_path, content):
    file = tmp_path / "any.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    for name in ("cgfiqa", "gfiqa", "sureal", "json", "imagefolder"):
        try:
            found = LAYOUTS[name].read(file, Asked())
        except LibraryError:
            continue
        assert all(isinstance(e.value, float | str) for e in found.entries)
