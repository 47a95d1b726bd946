"""`fiqa labels` as somebody types it: what it prints, what it writes, how it exits."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from app.labels_cli import labels_app
from app.library import edits


@pytest.fixture
def run(desk):
    def invoke(*arguments: str):
        return CliRunner().invoke(labels_app, [*arguments, "--library", str(desk.library.directory)])

    return invoke


def test_a_complete_import_exits_0_and_is_one_act_of_the_rater(desk, run, tmp_path):
    file = tmp_path / "mos.csv"
    file.write_text("name,score\nface_0.jpg,1\nface_1,5\n", encoding="utf-8")
    done = run("import", str(file), "--scale", "1:5", "--rater", "Bea", "--layout", "csv")
    assert done.exit_code == 0, done.output
    assert "2 lines match (1 by path, 1 by stem)" in done.output
    assert "Imported 2 labels from mos.csv." in done.output
    assert desk.mos()[:2] == [0.0, 1.0]
    assert edits.undo_text(desk.library, desk.other("Bea")["rater_id"]) == "imported 2 labels from mos.csv"


def test_an_incomplete_import_lists_the_lines_and_exits_1(desk, run, tmp_path):
    file = tmp_path / "mos.csv"
    file.write_text("name,score\nface_0.jpg,0.5\nstranger.jpg,0.5\nface_1.jpg,9\n", encoding="utf-8")
    done = run("import", str(file))
    assert done.exit_code == 1
    assert "line 3: stranger.jpg: no image has this name, whatever its ending" in done.output
    assert "line 4: face_1.jpg: 9 is outside the scale 0 to 1" in done.output
    assert desk.mos()[:2] == [0.5, None]


def test_a_dry_run_writes_nothing(desk, run, tmp_path):
    file = tmp_path / "mos.csv"
    file.write_text("face_0.jpg,0.5\n", encoding="utf-8")
    done = run("import", str(file), "--dry-run")
    assert done.exit_code == 0
    assert "nothing was written" in done.output
    assert desk.mos()[0] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "nothing.csv"), "Cannot read nothing.csv"),
        (("import", "x.csv", "--scale", "five"), "'five' is no scale"),
        (("import", "x.csv", "--layout", "horoscope"), "horoscope"),
        (("export", "no/such/folder/out.csv"), "Cannot write"),
    ],
)
def test_wrong_use_exits_2_with_one_line(run, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_place_without_a_library_exits_2(tmp_path):
    done = CliRunner().invoke(labels_app, ["export", "out.csv", "--library", str(tmp_path)])
    assert done.exit_code == 2
    assert "no library in" in done.output


def test_export_writes_what_import_reads(desk, run, tmp_path):
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    done = run("export", str(tmp_path / "out.csv"), "--layout", "csv")
    assert done.exit_code == 0
    assert "Wrote 6 images" in done.output
    assert run("import", str(tmp_path / "out.csv"), "--dry-run").exit_code == 0


def test_a_layout_is_recognised_named_and_every_skipped_line_is_listed(desk, run, tmp_path):
    file = tmp_path / "Scores_Overall.csv"
    file.write_text("IMAGE PATH,JOD,SCENE\nOverall\\face_0.jpg,-1,A\nOverall\\nobody.jpg,1,A\n", encoding="utf-8")
    done = run("import", str(file))
    assert done.exit_code == 1
    assert "Note: PIQ23 JOD scores; scale JOD" in done.output
    assert "missing, line 3: Overall\\nobody.jpg" in done.output
    assert desk.mos()[0] == 0.25, "one JOD below the middle of its scene"


def test_a_named_rater_gets_the_opinions_and_the_importer_the_act(desk, run, tmp_path):
    edits.rate(desk.library, desk.ids[:1], 1.0, **desk.who)
    file = tmp_path / "bea.csv"
    file.write_text("name,score\nface_0.jpg,0.5\n", encoding="utf-8")
    done = run("import", str(file), "--on-conflict", "rater", "--rater", "Bea")
    assert done.exit_code == 0, done.output
    assert "conflict, line 2: face_0.jpg: the MOS there is 1.000 (human), the file's 0.500" in done.output
    assert desk.mos()[0] == 0.75
    assert edits.undo_text(desk.library, desk.other("Bea")["rater_id"]) is None


@pytest.mark.parametrize("name", ["labels.zip", "labels.json", "labels.parquet", "labels.tsv"])
def test_without_a_layout_the_suffix_decides(desk, run, tmp_path, name):
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    done = run("export", str(tmp_path / name))
    assert done.exit_code == 0, done.output
    assert ("Note: left out" in done.output) == (name != "labels.zip")
    assert run("import", str(tmp_path / name), "--dry-run").exit_code == 0
