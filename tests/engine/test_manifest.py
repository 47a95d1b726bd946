"""The manifest: a table that says what is wrong with it, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import manifest
from engine.manifest import Manifest, ManifestError, Row


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_comes_back_as_it_was(tmp_path, name):
    rows = (
        Row(tmp_path / "a, b.jpg", 1 / 3, "train", "labeled", "human", "", "Ada", 0.5, "ff", {"light": "low"}),
        Row(tmp_path / "sub" / "ü.png", None, "", "unlabeled", "", "a", "", 1.0, "", {"light": ""}),
    )
    manifest.write(Manifest(rows), tmp_path / name)
    assert manifest.read(tmp_path / name).rows == rows


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_one_that_cannot_be_written_leaves_the_former(tmp_path, name):
    manifest.write(Manifest((Row(tmp_path / "a.jpg", 0.5),)), tmp_path / name)
    unwritable = Row(tmp_path / "b.jpg", 0.5, extra={"light": "\ud800"})
    with pytest.raises(UnicodeEncodeError):
        manifest.write(Manifest((unwritable,)), tmp_path / name)
    assert [row.path.name for row in manifest.read(tmp_path / name).rows] == ["a.jpg"]
    assert [found.name for found in tmp_path.iterdir()] == [name]


def test_paths_are_relative_to_the_manifest_or_absolute(tmp_path):
    outside = tmp_path.parent / "elsewhere.jpg"
    file = write(tmp_path / "m.csv", f"path\nsub\\a.jpg\n{outside}\n")
    assert [r.path for r in manifest.read(file).rows] == [tmp_path / "sub" / "a.jpg", outside]


def test_a_byte_order_mark_and_crlf_are_read(tmp_path):
    file = write(tmp_path / "m.csv", "path,mos\r\na.jpg,0.5\r\n", "utf-8-sig")
    assert manifest.read(file).rows[0].mos == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,mos\na.jpg,0.5\n", "no column 'path'"),
        ("path,mos\na.jpg,good\n", "Line 2: 'good' in column 'mos' is not a number"),
        ("path,mos\na.jpg,nan\n", "not a finite number"),
        ("path,mos\na.jpg,0.1\nb.jpg,4\n", r"Line 3: mos 4 is outside \[0, 1\]"),
        ("path,split\na.jpg,holdout\n", "split 'holdout' is unknown"),
        ("path,mos\n,0.5\n", "Line 2: the path is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, message):
    with pytest.raises(ManifestError, match=message):
        manifest.read(write(tmp_path / "m.csv", text))


def test_a_missing_or_binary_file_is_one_line(tmp_path):
    with pytest.raises(ManifestError, match="Cannot read the manifest"):
        manifest.read(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ManifestError):
        manifest.read(tmp_path / "b.csv")


def test_columns_and_selection():
    rows = (
        Row(Path("a"), 0.5, "train", group="g"),
        Row(Path("b"), None, "train", "unlabeled"),
        Row(Path("c"), 1.0, "val"),
    )
    table = Manifest(rows)
    np.testing.assert_array_equal(table.mos, [0.5, np.nan, 1.0])
    assert list(table.groups) == ["g", "b", "c"]
    assert table.where(split="train", labelled=True).rows == rows[:1]
    assert table.where(source="unlabeled").rows == rows[1:2]


def test_the_digest_follows_the_content_not_the_place():
    rows = [Row(Path("/x/a.jpg"), 0.5, "train"), Row(Path("/x/b.jpg"), 0.25, "val")]
    moved = [Row(Path("/y/a.jpg"), 0.5, "train"), Row(Path("/y/b.jpg"), 0.25, "val")]
    relabelled = [Row(Path("/x/a.jpg"), 0.75, "train"), rows[1]]
    digest = Manifest(tuple(rows)).digest()
    assert Manifest(tuple(moved)).digest() == digest
    assert Manifest(tuple(relabelled)).digest() != digest


def test_a_name_that_is_no_unicode_is_said_and_not_written(tmp_path: Path) -> None:
    strange = Manifest((Row(tmp_path / "caf\udce9.jpg", mos=0.5),))
    assert strange.digest() != Manifest((Row(tmp_path / "cafe.jpg", mos=0.5),)).digest()
    with pytest.raises(ManifestError, match="no valid Unicode"):
        manifest.write(strange, tmp_path / "all.csv")
    assert not (tmp_path / "all.csv").exists()


def test_joined_manifests_keep_their_rows_and_columns(tmp_path: Path) -> None:
    one = Manifest((Row(tmp_path / "a" / "1.jpg", mos=0.2, split="train", group="p", extra={"kind": "blur"}),))
    two = Manifest((Row(tmp_path / "b" / "2.jpg", mos=0.4, split="train", group="p"), Row(tmp_path / "b" / "3.jpg")))
    manifest.write(manifest.joined([one, two]), tmp_path / "all.csv")
    again = manifest.read(tmp_path / "all.csv")
    assert [r.path for r in again.rows] == [r.path for r in (*one.rows, *two.rows)]
    assert again.rows[0].extra["kind"] == "blur"
    assert [r.mos for r in again.rows] == [0.2, 0.4, None]


def test_a_person_learned_from_here_and_held_out_there_is_refused(tmp_path: Path) -> None:
    one = Manifest((Row(tmp_path / "1.jpg", split="train", group="p"),))
    two = Manifest((Row(tmp_path / "2.jpg", split="test", group="p"),))
    with pytest.raises(ManifestError, match="'p' is in split train"):
        manifest.joined([one, two])
    labelled = Manifest((Row(tmp_path / "1.jpg", mos=0.5, split="train"),))
    with pytest.raises(ManifestError, match="two of the manifests"):
        manifest.joined([labelled, labelled])
    for order in ([one, labelled], [labelled, one]):
        assert manifest.joined(order).rows == labelled.rows
