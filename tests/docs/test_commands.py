"""Every command of README and docs exists with its options; those of marked blocks do what they say."""

from __future__ import annotations

import pytest

from scripts import check_docs

PAGES = check_docs.pages()
WRITTEN = [command for page in PAGES for command in check_docs.commands(page)]
RUN = sorted({command.file for command in WRITTEN if command.runs})


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command.place)
def test_it_parses(command):
    check_docs.parse(command)


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "README.md"], ids=lambda p: p.name)
def test_no_block_hides_from_the_check(page):
    assert not check_docs.untagged(page), "name the kind of the fenced block (sh, text, python, ...)"


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_marked_blocks_run(page, tmp_path):
    check_docs.lay_down(tmp_path)
    for command in check_docs.commands(page):
        if command.runs:
            check_docs.run(command, tmp_path)


@pytest.mark.parametrize(
    "wrong",
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
def test_a_wrong_command_is_found(wrong):
    with pytest.raises(ValueError, match=r"."):
        check_docs.parse(check_docs.Command(check_docs.ROOT / "README.md", 1, wrong))


def test_the_check_sees_the_pages():
    """A page whose commands are not found would pass for ever."""
    places = {command.file.name for command in WRITTEN}
    assert {"README.md", "index.md", "first-minutes.md", "commands.md", "layouts.md", "training.md"} <= places
    assert len(RUN) >= 3
