"""Who runs each command of README and guide, as `classes.toml` says: the tests, a script, or nobody here, and why."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from scripts import check_docs
from scripts.check_docs import Command

FILE: Final = Path(__file__).with_name("classes.toml")
Runs = Literal["test", "script", "not", "named", ""]
"""By the tests (and the script too); by the script only; not here; named in a sentence; nobody has said."""


@dataclass(frozen=True)
class Step:
    """A command and what becomes of it."""

    command: Command
    runs: Runs
    text: str
    """As it is run: with a reader's names in place of the page's, and what is added."""
    reason: str = ""
    """Why it is not run here."""

    @property
    def said(self) -> str:
        """In words."""
        ways = {"test": "run by the tests", "script": "run by scripts/run_docs.py", "named": "named in a sentence"}
        return ways.get(self.runs) or (f"not run here: {self.reason}" if self.runs == "not" else "NOBODY RUNS IT")


def ordered() -> list[Path]:
    """All pages: those of classes.toml first, in its order, which is a reader's."""
    first = [check_docs.ROOT / name for name in _known()]
    return first + [page for page in check_docs.pages() if page not in first and page != check_docs.LOG]


def before(page: Path) -> list[str]:
    """Commands that bring the reader to where the page begins."""
    return list(_known().get(check_docs.name(page), {}).get("before", []))


def steps(page: Path) -> Iterator[Step]:
    """What becomes of each command of a page, in order."""
    told = _known().get(check_docs.name(page), {})
    for command in check_docs.commands(page):
        own = told.get("commands", {}).get(_key(told, command.text), {})
        if command.is_mention and "runs" not in own and not told.get("sentences", False):
            yield Step(command, "named", command.text)
            continue
        reason = own.get("not", told.get("not", "") if "runs" not in own else "")
        runs: Runs = "not" if reason else own.get("runs", told.get("runs", ""))
        yield Step(command, runs, _as_run(command.text, {**told, **own}), reason)


def unused() -> list[str]:
    """Pages and commands of classes.toml that are no more."""
    pages = {check_docs.name(page): page for page in check_docs.pages()}
    found = [name for name in _known() if name not in pages]
    for name, told in _known().items():
        used = {_key(told, c.text) for c in check_docs.commands(pages[name])} if name in pages else set()
        found += [f"{name}: {key}" for key in told.get("commands", {}) if key not in used]
    return found


def _key(told: dict[str, Any], text: str) -> str:
    """The longest beginning that fits; none is ''."""
    return max((key for key in told.get("commands", {}) if text.startswith(key)), key=len, default="")


def _as_run(text: str, told: dict[str, Any]) -> str:
    """The page's command with the names that a reader would put in place of those in capitals."""
    names: dict[str, str] = told.get("names", {})
    text = check_docs.without_remark(text)
    if names:
        longest_first = sorted(names, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first))
        text = re.sub(rf"(?<![\w-])({either})(?!\w)", lambda found: names[found.group()], text)
    return " ".join([*re.sub(r"\s+", " ", text).split(" "), *told.get("plus", "").split()])


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, Any]]:
    pages: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return pages
