"""Scoring that was killed goes on, and the table is the one of a run that was not."""

from __future__ import annotations

import itertools
import shutil

import pytest

from engine.cli import main
from engine.score_journal import ScoreJournal
from engine.scoring import Scorer
from tests import bundles, mortal, pictures


@pytest.fixture
def model(tmp_path):
    return bundles.write(tmp_path / "model.onnx").path


@pytest.fixture
def faces(tmp_path):
    """90 copies of three pictures, large enough to take a moment each; one is broken."""
    made = [pictures.save(pictures.face(k, (500, 400)), tmp_path / f"{k}.png") for k in range(3)]
    (tmp_path / "faces").mkdir()
    for k in range(90):
        shutil.copyfile(made[k % 3], tmp_path / "faces" / f"{k:02}.png")
    pictures.truncated_jpeg(tmp_path / "faces" / "broken.jpg")
    return tmp_path / "faces"


def lines_of(journal):
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_killed_and_started_again_the_table_is_the_same_byte_for_byte(faces, model, tmp_path, suffix, capsys):
    whole, out = tmp_path / f"whole{suffix}", tmp_path / f"out{suffix}"
    journal = tmp_path / f"out{suffix}.journal"
    command = ["score", str(faces), "--model", str(model), "--workers", "1", "--out"]
    assert main([*command, str(whole)]) == 1
    mortal.killed_when_it_opens("60.png", mortal.ENGINE, *command, str(out))
    assert not out.exists()
    taken = lines_of(journal) - 1
    assert 10 < taken <= 60, "it was killed in the middle"
    with journal.open("ab") as stream:
        stream.write(b'["torn')
    capsys.readouterr()
    assert main([*command, str(out)]) == 1
    assert f"{taken} of 91 rows are taken over" in capsys.readouterr().err
    assert out.read_bytes() == whole.read_bytes()
    assert not journal.exists()


def interrupted(journal, model, files, after):
    """A run that ends after so many rows."""
    rows = journal.rows(Scorer(model, workers=2), files)
    found = list(itertools.islice(rows, after))
    rows.close()
    return found


def test_a_changed_file_is_scored_again_and_a_broken_one_is_tried_again(faces, model, tmp_path):
    files = sorted(faces.iterdir())[-12:]  # the last is broken.jpg
    said = []
    journal = ScoreJournal(tmp_path / "out.csv", tell=said.append)
    first = interrupted(journal, model, files, 12)
    assert first[-1].error
    files[2].write_bytes(files[3].read_bytes())
    pictures.save(pictures.face(1), files[-1])
    again = list(journal.rows(Scorer(model), files))
    assert [r.path for r in again] == files
    assert [r.score for r in again] == [r.score for r in Scorer(model).score(files)]
    assert again[2].score != first[2].score
    assert said == [f"10 of 12 rows are taken over from {journal.path}; 1 have changed since and are scored again."]
    assert list(journal.rows(Scorer(model), files)) != []
    assert said[-1].startswith("12 of 12 rows are taken over")


def test_another_model_starts_anew(faces, model, tmp_path):
    files = sorted(faces.iterdir())[:6]
    said = []
    journal = ScoreJournal(tmp_path / "out.csv", tell=said.append)
    interrupted(journal, model, files, 4)
    other = Scorer(bundles.write(tmp_path / "other.onnx", gain=2.0))
    found = [r.score for r in journal.rows(other, files)]
    assert found == [r.score for r in other.score(files)]
    assert len(said) == 1
    assert "another model" in said[0]


def test_a_file_that_is_no_journal_is_not_believed(faces, model, tmp_path):
    (tmp_path / "out.csv.journal").write_bytes(b"\xff\xfe nonsense\n[1]\n")
    out = tmp_path / "out.csv"
    assert main(["score", str(faces / "00.png"), "--model", str(model), "--out", str(out)]) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_a_table_to_the_output_leaves_no_journal(faces, model, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    assert main(["score", str(faces / "00.png"), "--model", str(model)]) == 0
    assert set(tmp_path.iterdir()) == before
    assert capsys.readouterr().out.startswith("path,score,model,error")
