"""Every command of README and docs exists with its options; those of marked blocks do what they say."""

from __future__ import annotations

import pytest

from scripts import check_docs

PAGES = check_docs.pages()
WRITTEN = [command for page in PAGES for command in check_docs.commands(page)]
RUN = sorted({command.file for command in WRITTEN if command.runs == "always"})


def test_every_command_parses():
    assert [f"{c.place}: {why}" for c in WRITTEN if (why := wrong(c))] == []


def wrong(command):
    try:
        check_docs.parse(command)
    except ValueError as error:
        return str(error)
    return ""


def test_no_block_hides_from_the_check():
    """Name the kind of every fenced block (sh, text, python, ...)."""
    assert {p.name: lines for p in PAGES if p.name != "README.md" and (lines := check_docs.untagged(p))} == {}


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_marked_blocks_run(page, tmp_path):
    check_docs.lay_down(tmp_path)
    marked = [command for command in check_docs.commands(page) if command.runs == "always"]
    assert marked
    for command in marked:
        check_docs.run(command, tmp_path)  # raises where one fails


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
    assert {page.name for page in RUN} == {"first-minutes.md", "terminal.md"}
