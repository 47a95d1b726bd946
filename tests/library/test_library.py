"""A library on disk: created, opened, migrated, backed up, restored, and refused where it cannot be trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.library import changes, columns, edits, factors, history, people
from app.library.library import KEEP_BACKUPS, Library, LibraryError, default_directory
from app.library.migrations import REVISION
from app.library.migrations.upgrade import alembic_config
from app.library.schema import Base
from engine.factors import Factors
from tests import waiting
from tests.at_once import at_once
from tests.library.conftest import open_desk

DATA = Path(__file__).parent / "data"


def sql(library: Path, statement: str) -> list[tuple]:
    connection = sqlite3.connect(library / "library.sqlite")
    try:
        rows = connection.execute(statement).fetchall()
        connection.commit()
        return rows
    finally:
        connection.close()


def stored_old(directory: Path, dump: str = "unstamped.sql") -> Path:
    """A library of an earlier program, as a dump in the repository; without a record of its revision by default."""
    shutil.copy(DATA / "library.toml", directory / "library.toml")
    connection = sqlite3.connect(directory / "library.sqlite")
    connection.executescript((DATA / dump).read_text(encoding="utf-8"))
    connection.close()
    return directory


# -- open ------------------------------------------------------------------------------------------------------------


def test_a_new_library_has_what_the_design_says(tmp_path):
    with Library.create(tmp_path / "a" / "library") as library:
        assert {p.name for p in library.directory.iterdir()} >= {
            "library.toml", "library.sqlite", "models", "runs", "snapshots", "backups",
        }  # fmt: skip
        assert library.display_scale == (0.0, 1.0)
        with library.read() as session:
            for pragma, value in {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}.items():
                assert session.execute(text(f"pragma {pragma}")).scalar_one() == value
            assert session.execute(text("select version_num from alembic_version")).scalar_one() == REVISION
    with Library.open(tmp_path / "a" / "library") as again:
        assert (again.id, again.salt) == (library.id, library.salt)


def test_create_and_open_mind_what_is_there(tmp_path):
    with pytest.raises(LibraryError, match="no library in"):
        Library.open(tmp_path)
    Library.create(tmp_path).close()
    with pytest.raises(LibraryError, match="already"):
        Library.create(tmp_path)
    Library.open_or_create(tmp_path).close()


def test_the_default_place_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("FIQA_HOME", str(tmp_path))
    assert default_directory() == tmp_path / "library"
    monkeypatch.delenv("FIQA_HOME")
    assert default_directory().is_absolute()


def test_reading_writes_nothing_and_writing_does_not_nest(desk):
    with desk.library.read() as session:
        session.execute(text("update image set flag = 'pick'"))
    assert set(desk.columns().flag) == {""}
    with desk.library.write(), pytest.raises(RuntimeError), desk.library.write():
        pass


def test_a_write_that_fails_leaves_nothing(desk):
    def fail_half_way() -> None:
        with desk.library.write() as session:
            session.execute(text("update image set flag = 'pick'"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert set(desk.columns().flag) == {""}


# -- revisions -------------------------------------------------------------------------------------------------------


def test_the_revisions_lead_to_the_tables_of_the_schema(tmp_path):
    from alembic import command
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == REVISION
        made_by_steps = set(connection.execute(text("select name, sql from sqlite_master where type = 'index'")))
    other = create_engine("sqlite://")
    with other.begin() as connection:
        Base.metadata.create_all(connection)
        made_at_once = set(connection.execute(text("select name, sql from sqlite_master where type = 'index'")))
    assert {n for n, s in made_by_steps if s} == {n for n, s in made_at_once if s}
    engine.dispose()
    other.dispose()


def test_an_old_file_is_copied_and_brought_up_to_date_with_its_labels(tmp_path):
    stored_old(tmp_path)
    with Library.open(tmp_path) as library:
        assert sql(tmp_path, "select version_num from alembic_version") == [(REVISION,)]
        copies = [p.name for p in library.backups()]
        assert len(copies) == 1
        assert copies[0].startswith(f"before-{REVISION}-")
        assert sql(tmp_path, "select count(*) from image where mos = 0.75") == [(2,)]
        ann = people.ensure_rater(library, "Ann")
        assert edits.undo_text(library, ann.id) == "MOS 0.75 on 2 images"
        edits.undo(library, rater_id=ann.id, session_id=None)
        assert sql(tmp_path, "select count(*) from image where mos is null") == [(3,)]


def test_a_library_of_the_first_revision_keeps_all_and_learns_reasons(tmp_path):
    """r0001.sql: three images, two with MOS 0.75 by Ann (one rejected and scored), one rated and noted by Bea."""
    stored_old(tmp_path, "r0001.sql")
    with Library.open(tmp_path) as library:
        assert [p.name.rpartition("-")[0] for p in library.backups()] == [f"before-{REVISION}"]
        copied = sqlite3.connect(library.backups()[0])
        assert copied.execute("select version_num from alembic_version").fetchall() == [("0001",)]
        assert len(copied.execute("select * from flag").fetchall()) == 1
        copied.close()
        rows = columns.load(library, model_id="m", preprocessing_id="p")
        assert rows.mos.tolist() == [0.75, 0.75, 0.25]
        assert (rows.score[0], list(rows.flag), list(rows.reason)) == (0.5, ["reject", "", ""], ["", "", ""])
        assert np.isnan(rows.sharpness).all()
        assert history.note(library, 3) == "hat"
        ann = people.ensure_rater(library, "Ann")
        who = {"rater_id": ann.id, "session_id": None}
        edits.flag(library, [2], "reject", reason="unusable", **who)
        edits.undo(library, **who)
        assert edits.undo(library, **who).text == "undo: flag 'reject' on 1 image"
        assert edits.undo_text(library, ann.id) == "MOS 0.75 on 2 images"
        factors.record(library, [("a" * 64, Factors(0.1, 0.2, 0.3, 0.4, 0.5))])
        assert columns.load(library, model_id="", preprocessing_id="").noise[0] == pytest.approx(0.4)


def test_a_newer_file_is_refused_and_left_alone(tmp_path):
    Library.create(tmp_path).close()
    sql(tmp_path, "update alembic_version set version_num = '9999'")
    before = (tmp_path / "library.sqlite").read_bytes()
    with pytest.raises(LibraryError, match="newer version of this program") as told:
        Library.open(tmp_path)
    assert "Update" in told.value.remedy
    assert (tmp_path / "library.sqlite").read_bytes() == before


def test_tables_come_with_their_record_or_not_at_all(tmp_path):
    stored_old(tmp_path)
    (tmp_path / "library.sqlite").unlink()
    sql(tmp_path, "create view ix_rating_image_id as select 1")  # stands in the way of an index, half-way through
    with pytest.raises(DBAPIError, match="ix_rating_image_id"):
        Library.open(tmp_path)
    assert sql(tmp_path, "select name from sqlite_master") == [("ix_rating_image_id",)]


def test_a_foreign_or_damaged_database_is_refused(tmp_path):
    stored_old(tmp_path)
    (tmp_path / "library.sqlite").unlink()
    sql(tmp_path, "create table songs (id)")
    with pytest.raises(LibraryError, match="not made by this program"):
        Library.open(tmp_path)
    (tmp_path / "library.sqlite").write_bytes(b"certainly no database " * 100)
    with pytest.raises(LibraryError, match="damaged"):
        Library.open(tmp_path)


def test_a_library_that_cannot_be_opened_is_let_go_of(tmp_path):
    Library.create(tmp_path).close()
    (tmp_path / "models").rmdir()
    (tmp_path / "models").write_text("a file")
    with pytest.raises(LibraryError, match="Cannot write"):
        Library.open(tmp_path)
    held = [file.path for file in psutil.Process().open_files()]
    assert not [path for path in held if Path(path).is_relative_to(tmp_path)]


def test_settings_that_cannot_be_understood_are_refused(tmp_path):
    Library.create(tmp_path).close()
    toml = tmp_path / "library.toml"
    written = toml.read_text(encoding="utf-8")
    toml.write_text(written.replace("sqlite:///library.sqlite", "postgresql://host/db"), encoding="utf-8")
    with pytest.raises(LibraryError, match="postgresql"):
        Library.open(tmp_path)
    for scale in ('"wide"', "[0.0]", '["low", "high"]', "[1.0, 0.0]"):
        toml.write_text(written.replace("[\n    0.0,\n    1.0,\n]", scale), encoding="utf-8")
        with pytest.raises(LibraryError, match="display_scale"):
            Library.open(tmp_path)
    toml.write_text("id = 'x'", encoding="utf-8")
    with pytest.raises(LibraryError, match="lacks"):
        Library.open(tmp_path)
    toml.write_text("= nonsense", encoding="utf-8")
    with pytest.raises(LibraryError, match="Cannot read"):
        Library.open(tmp_path)


# -- what the drive does ---------------------------------------------------------------------------------------------


def test_a_lost_database_is_not_replaced_by_an_empty_one(desk):
    edits.correct(desk.library, desk.ids, 0.5, **desk.who)
    desk.library.database.rename(desk.library.directory / "elsewhere")
    with pytest.raises(LibraryError, match="moved or deleted"):
        edits.correct(desk.library, desk.ids, 0.75, **desk.who)
    desk.library.close()
    with pytest.raises(LibraryError, match="lost its database file"):
        Library.open(desk.library.directory)


def run_child(code: str, *arguments: str) -> str:
    """Run Python in a process of its own, which changes its own rights or limits."""
    root = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="rights of a POSIX system")
def test_a_read_only_library_is_refused_with_a_sentence():
    """root may write anywhere, so there the child becomes another user first."""
    place = Path(tempfile.mkdtemp())
    try:
        Library.create(place / "library").close()
        for path in [place, *place.rglob("*")]:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222 | (0o555 if path.is_dir() else 0o444))
        said = run_child(
            """
            import os, sys
            from pathlib import Path
            from app.library.library import Library, LibraryError
            if os.getuid() == 0:
                os.setuid(65534)
            for act in (Library.open, Library.create):
                try:
                    act(Path(sys.argv[1]) / ("library" if act == Library.open else "new"))
                except LibraryError as error:
                    print(type(error).__name__, error.message)
            """,
            str(place),
        )
        lines = said.splitlines()
        assert len(lines) == 2
        assert lines[0].startswith("LibraryError The library's d")
        assert lines[1].startswith("LibraryError Cannot make a library")
    finally:
        for path in [place, place / "library", *(place / "library").iterdir()]:
            path.chmod(0o755)
        shutil.rmtree(place)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a POSIX process")
def test_a_drive_that_takes_no_more_refuses_the_edit_and_nothing_is_half_written(tmp_path):
    desk = open_desk(tmp_path / "library", tmp_path / "faces", ["a.jpg"])
    edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    desk.library.close()
    said = run_child(
        """
        import resource, signal, sys
        from pathlib import Path
        from app.library import changes, edits
        from app.library.library import Library, LibraryError
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        library = Library.open(Path(sys.argv[1]))
        edits.correct(library, [1], 0.5, rater_id=1, session_id=None)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        try:
            edits.correct(library, [1], 0.75, rater_id=1, session_id=None)
        except LibraryError as error:
            print(error.message)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        print(changes.last_seq(library))
        print(edits.correct(library, [1], 1.0, rater_id=1, session_id=None).text)
        """,
        str(tmp_path / "library"),
    )
    lines = said.splitlines()
    assert lines[0] in ("The library's drive reports an error.", "The library's drive is full.")
    assert lines[1:] == ["2", "MOS 0.50 to 1.00 on 1 image"]
    assert sql(tmp_path / "library", "pragma integrity_check") == [("ok",)]


# -- two at once -----------------------------------------------------------------------------------------------------


def test_two_windows_label_at_once_and_see_each_others_acts(desk):
    directory = desk.library.directory
    per_thread, errors = 30, []

    def label(library: Library, image: int, who: dict[str, int]) -> None:
        try:
            for k in range(per_thread):
                edits.correct(library, [image], k / per_thread, **who)
        except Exception as error:
            errors.append(error)

    with Library.open(directory) as second:
        raters = [desk.other(name) for name in ("A", "B", "C", "D")]
        threads = [
            threading.Thread(target=label, args=(library, desk.ids[i], raters[i]))
            for i, library in enumerate([desk.library, desk.library, second, second])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert changes.last_seq(second) == changes.last_seq(desk.library) == 4 * per_thread
        with second.read() as session:
            seqs = session.execute(text("select seq from act order by rowid")).scalars().all()
        assert seqs == list(range(1, 4 * per_thread + 1))
        news = changes.since(desk.library, 0)
        assert news is not None
        assert news.image_ids == tuple(desk.ids[:4])


def test_two_windows_may_make_the_library_at_once(tmp_path):
    made = []
    errors = at_once(lambda: made.append(Library.open_or_create(tmp_path / "library")))
    assert not [e for e in errors if "already" not in str(e)]
    assert len({library.id for library in made}) == 1
    for library in made:
        library.close()


# -- backups ---------------------------------------------------------------------------------------------------------


def test_backups_are_daily_and_rotate(desk):
    start = datetime(2024, 2, 27, 12, tzinfo=UTC)
    for day in range(10):
        moment = start + timedelta(days=day)
        made = desk.library.backup_if_due(moment)
        assert made is not None
        assert desk.library.backup_if_due(moment + timedelta(hours=19)) is None
    kept = desk.library.backups()
    assert len(kept) == KEEP_BACKUPS
    assert kept[0].name == "library-20240307T120000Z.sqlite"
    assert not list(desk.library.backups_dir.glob("*.partial*"))
    assert not list(desk.library.backups_dir.glob("*-wal"))


def test_a_copy_that_a_person_keeps_among_the_backups_stops_no_backup(desk):
    moment = datetime(2024, 2, 27, 12, tzinfo=UTC)
    first = desk.library.backup_if_due(moment)
    own = desk.library.backups_dir / "library-before the summer.sqlite"
    shutil.copy(first, own)
    for day in range(1, KEEP_BACKUPS + 2):
        assert desk.library.backup_if_due(moment + timedelta(days=day)) is not None
    assert own.exists()
    assert len(desk.library.backups()) == KEEP_BACKUPS + 1


def test_a_clock_that_was_wrong_once_stops_no_backup(desk):
    ahead = desk.library.backup_if_due(datetime(2036, 1, 1, tzinfo=UTC))
    moment = datetime(2024, 2, 27, 12, tzinfo=UTC)
    assert desk.library.backup_if_due(moment) is not None
    assert desk.library.backup_if_due(moment + timedelta(hours=19)) is None
    assert ahead.exists()


def test_a_backup_comes_to_its_end_while_others_write(desk):
    with desk.library.write() as session:  # some pages, so that the copy takes several steps
        session.execute(text("create table ballast (data blob)"))
        for _ in range(40):
            session.execute(text("insert into ballast values (randomblob(1000000))"))
    stop = threading.Event()

    def write():
        while not stop.is_set():
            edits.note(desk.library, desk.ids[:1], uuid.uuid4().hex, **desk.who)

    writing = threading.Thread(target=write)
    writing.start()
    made = []
    copying = threading.Thread(target=lambda: made.append(desk.library.backup_if_due()), daemon=True)
    copying.start()
    copying.join(waiting.LONG_S)
    stop.set()
    writing.join()
    assert made
    assert made[0].stat().st_size > 40_000_000


def test_what_is_left_of_a_torn_backup_is_cleared(desk):
    torn = [desk.library.backups_dir / f"library-{k}.sqlite.0a1b2c3d.partial" for k in range(2)]
    for file in torn:
        file.write_bytes(b"half")
    os.utime(torn[0], (0, 0))
    desk.library.backup_if_due()
    assert [file.exists() for file in torn] == [False, True], "the young one may be in the making"


def test_restore_brings_the_labels_of_a_backup_back(desk):
    edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    backup = desk.library.backup_if_due()
    assert backup is not None
    edits.correct(desk.library, desk.ids, 1.0, **desk.who)
    with Library.open(desk.library.directory) as other_window:
        with other_window.read() as session:
            session.execute(text("select 1 from image")).all()
        assert desk.library.restore(backup).everything
        assert desk.mos() == [0.25] * 6
        edits.correct(other_window, desk.ids[:1], 0.75, **desk.who)
    assert desk.mos()[0] == 0.75
    before = [p for p in desk.library.backups() if p.name.startswith("before-restore-")]
    assert len(before) == 1
    desk.library.restore(before[0])
    assert desk.mos() == [1.0] * 6


def test_a_damaged_or_newer_backup_is_refused(desk, tmp_path):
    edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(b"certainly no database " * 100)
    with pytest.raises(LibraryError, match="damaged"):
        desk.library.restore(bad)
    backup = desk.library.backup_if_due()
    assert backup is not None
    connection = sqlite3.connect(backup)
    connection.execute("update alembic_version set version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(LibraryError, match="newer"):
        desk.library.restore(backup)
    assert desk.mos() == [0.25] * 6


@pytest.mark.parametrize("table", ["create table songs (id)", "vacuum"])
def test_what_is_no_backup_of_a_library_is_not_restored(desk, tmp_path, table):
    edits.correct(desk.library, desk.ids, 0.25, **desk.who)
    foreign = tmp_path / "library.sqlite"
    sql(tmp_path, table)
    with pytest.raises(LibraryError, match="no backup of a library"):
        desk.library.restore(foreign)
    assert desk.mos() == [0.25] * 6


def test_opening_an_up_to_date_library_does_not_load_alembic(tmp_path):
    Library.create(tmp_path).close()
    code = "import sys; from pathlib import Path; from app.library.library import Library; "
    code += "Library.open(Path(sys.argv[1])); print('alembic' in sys.modules, 'PySide6' in sys.modules)"
    assert run_child(code, str(tmp_path)).split() == ["False", "False"]
    assert os.listdir(tmp_path / "backups") == []
