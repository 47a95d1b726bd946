"""Every command of README and docs exists with its options and has somebody who runs it; the quick ones are run."""

from __future__ import annotations

import os
import re
import shlex

import pytest

from app.cli import complete_app
from engine.cli import main
from scripts import check_docs
from scripts.documented import classes, sandbox

PAGES = check_docs.pages()
WRITTEN = [command for page in PAGES for command in check_docs.commands(page)]
STEPS = [step for page in classes.ordered() for step in classes.steps(page)]
QUICK = [page for page in classes.ordered() if any(step.runs == "test" for step in classes.steps(page))]


def test_every_command_parses():
    assert [f"{c.place}: {why}" for c in WRITTEN if (why := wrong(c))] == []


def wrong(command):
    try:
        check_docs.parse(command)
    except ValueError as error:
        return str(error)
    return ""


def test_every_command_as_it_is_run_parses():
    """With a reader's names in place of the page's: none of those in capitals is left over."""
    run = [step for step in STEPS if step.runs in ("test", "script")]
    assert [f"{s.text}: {why}" for s in run if (why := wrong(check_docs.Command(s.command.file, 1, s.text)))] == []
    capitals = re.compile(r"\b(FOLDER|DIR|FILE|FACES|DATA|OUT|RUN\w*|MANIFEST|M\.\w+|NAME|MINE|HOST)\b")
    assert [step.text for step in run if capitals.search(step.text)] == []


def test_nobody_leaves_a_command_over():
    """Each is run by the tests, by scripts/run_docs.py, or not here, with a reason."""
    assert [f"{s.command.place}: {s.command.text}" for s in STEPS if not s.runs] == []
    assert len(STEPS) == len([c for c in WRITTEN if c.file != check_docs.LOG])
    assert classes.unused() == []


def test_every_command_of_fiqa_that_a_sentence_names_is_run_somewhere():
    def path(text):
        words = shlex.split(text, comments=True)
        return check_docs.leaf(words[words.index("fiqa") + 1 :])[0] if "fiqa" in words else ""

    run = {path(step.text) for step in STEPS if step.runs in ("test", "script")}
    named = {path(check_docs.without_remark(s.command.text)) for s in STEPS if s.runs == "named"}
    assert named - run - {"", "fiqa", "fiqa labels", "fiqa niqe", "fiqa baseline"} == set()


def test_a_reason_names_tests_that_exist():
    named = {file for step in STEPS for file in re.findall(r"tests/\S+\.py", step.reason)}
    assert named
    assert [file for file in named if not (check_docs.ROOT / file).is_file()] == []


def test_no_block_hides_from_the_check():
    """Name the kind of every fenced block (sh, text, python, ...); none but sh and bash holds commands."""
    assert {p.name: lines for p in PAGES if p.name != "README.md" and (lines := check_docs.untagged(p))} == {}
    assert [place for page in PAGES for place in check_docs.hidden(page)] == []


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The folder of somebody who reads one page after the other."""
    folder = tmp_path_factory.mktemp("reader") / "work"
    folder.mkdir()
    sandbox.lay_down(folder)
    return folder


@pytest.mark.parametrize("page", QUICK, ids=check_docs.name)
def test_the_quick_commands_of_a_page_run(page, reader, monkeypatch):
    monkeypatch.chdir(reader)
    monkeypatch.setenv("FIQA_HOME", str(reader / "home"))
    complete_app()
    texts = classes.before(page) + [step.text for step in classes.steps(page) if step.runs == "test"]
    for text in texts:
        words = shlex.split(text)
        if words[0] == "fiqa":
            assert main(words[1:]) == 0, text
        else:
            done = sandbox.run(text, reader)
            assert done.status == 0, f"{text}: {done.said}"


def test_a_command_runs_in_its_folder_with_this_checkout(tmp_path):
    done = sandbox.run("fiqa score missing.jpg --model sharpness", tmp_path)
    assert (done.status, "missing.jpg" in done.said) == (1, True)
    assert sandbox.run("frobnicate", tmp_path).status == -1
    found = sandbox.run("python -c 'import app, os; print(app.__file__, os.getcwd())'", tmp_path)
    assert found.said.split() == [str(check_docs.ROOT / "app" / "__init__.py"), os.path.realpath(tmp_path)]


@pytest.mark.parametrize(
    "text",
    [
        "fiqa scores FOLDER",
        "fiqa score FOLDER --ouy scores.csv",
        "fiqa labels import FILE",
        "make tea",
        "pip install 'fiqa-desktop[nothing]'",
        "python scripts/none.py",
        "fiqa-desktop --nothing",
        "frobnicate",
    ],
)
def test_a_wrong_command_is_found(text):
    assert wrong(check_docs.Command(check_docs.ROOT / "README.md", 1, text))


def test_the_check_sees_the_pages():
    """A page whose commands are not found would pass for ever."""
    places = {command.file.name for command in WRITTEN}
    assert {"README.md", "first-minutes.md", "terminal.md", "commands.md", "layouts.md", "training.md"} <= places
    assert {"first-minutes.md", "terminal.md", "layouts.md"} <= {page.name for page in QUICK}
    assert {step.runs for step in STEPS} == {"test", "script", "not", "named"}
