"""Whether the commands in README.md and docs/ exist, with all their options and targets.

    python scripts/check_docs.py    parses every command and says how it is run: by the tests, by scripts/run_docs.py,
                                    or not here and why (scripts/documented/classes.toml)

Commands stand in fenced blocks of kind `sh` or `bash` (README: of any kind), or between back-ticks in a sentence.
"""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import typer.main  # noqa: E402  # the project is imported from where this script stands

from app import cli as terminal  # noqa: E402
from app.ui.application import arguments  # noqa: E402

_FENCE: Final = re.compile(r"^```(\w*)\s*$")
_SPAN: Final = re.compile(
    r"`((?:fiqa [a-z]|fiqa-desktop --|make [a-z]|pip install |python -m |python scripts/|torchrun )[^`]*)`"
)
_BEGINS: Final = re.compile(r"(fiqa|fiqa-desktop|make|pip install|python -m|python scripts/\S+|torchrun) ")
LOG: Final = ROOT / "docs" / "engineering" / "commands-log.md"
"""Written by scripts/run_docs.py: it repeats the commands of the other pages."""
_SHELL: Final = frozenset({"rsync", "cp", "cd", "scp", "ssh", "git", "export", "tail", "ls", "."})
"""Programs of the system: not ours to check."""
_BEFORE: Final = {"srun": 1, "nice": 3}
"""What may stand before a program, and how many words it is."""
_ALLOWED: Final = frozenset({"text", "csv", "toml", "json", "python", "bash", "sh", "markdown"})
"""Kinds of fenced blocks in docs/; one without a kind could be a command that nobody checks."""


@dataclass(frozen=True)
class Command:
    """One command as it is written, joined over its lines."""

    file: Path
    line: int
    text: str
    is_mention: bool = False
    """Named in a sentence: what it needs may be left out."""

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


# -- finding -----------------------------------------------------------------------------------------------------------


def pages() -> list[Path]:
    """README.md and every page of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name(page: Path) -> str:
    """The page's path in the project, as `scripts/documented/classes.toml` writes it."""
    return page.relative_to(ROOT).as_posix()


def commands(page: Path) -> Iterator[Command]:
    """All commands of a page, in order."""
    kind: str | None = None
    begun, begun_at = "", 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if fence := _FENCE.match(line):
            kind = fence.group(1) if kind is None else None
        elif kind is None:
            yield from (Command(page, number, found, is_mention=True) for found in _SPAN.findall(line))
        elif kind in ("sh", "bash") or (kind == "" and page.name == "README.md"):
            begun_at = begun_at if begun else number
            begun += line.rstrip()
            if begun.endswith("\\"):
                begun = begun[:-1] + " "
                continue
            if begun.strip() and not begun.lstrip().startswith("#"):
                yield Command(page, begun_at, begun.strip())
            begun = ""


def without_remark(text: str) -> str:
    """A command without what stands behind a #."""
    return re.sub(r"\s+#\s.*$", "", text)


def untagged(page: Path) -> list[int]:
    """Lines where a fenced block begins whose kind is not known."""
    found, inside = [], False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if fence := _FENCE.match(line):
            if not inside and fence.group(1) not in _ALLOWED:
                found.append(number)
            inside = not inside
    return found


def hidden(page: Path) -> list[str]:
    """Places of commands in fenced blocks of a kind that is not looked into."""
    found, kind = [], None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if fence := _FENCE.match(line):
            kind = fence.group(1) if kind is None else None
        elif kind not in (None, "", "sh", "bash") and _BEGINS.match(line):
            found.append(f"{name(page)}:{number}")
    return found


# -- parsing -----------------------------------------------------------------------------------------------------------


def parse(command: Command) -> None:
    """Whether every program, command, option and target of it exists.

    Raises:
        ValueError: what is wrong.
    """
    words = _words(command.text)
    if command.is_mention and words[0] == "fiqa":
        _look_up(words[1:])
        return
    while words and ("=" in words[0] or words[0] in _BEFORE):
        words = words[_BEFORE.get(words[0], 1) :]
    if not words:
        return
    program, rest = Path(words[0]).name, words[1:]
    if program == "torchrun" or (program in ("python", "python3.11") and rest[:2] == ["-m", "engine"]):
        program, rest = "fiqa", rest[rest.index("engine") + 1 :]
    checks: dict[str, Callable[[list[str]], None]] = {
        "fiqa": _parse_fiqa,
        "fiqa-desktop": _parse_window,
        "make": _parse_make,
        "pip": _parse_pip,
        "python": _parse_python,
    }
    if program in checks:
        checks[program](rest)
    elif program not in _SHELL and not (ROOT / words[0]).is_file():  # a script of ours
        raise ValueError(f"'{program}' is no program that this check knows")


def _words(text: str) -> list[str]:
    """As a shell would split it; of what may be left out, all; of alternatives, the first."""
    text = re.sub(r"\[(-[^\]]*)\]", r"\1", text).replace("...", "")
    return [word if "=" in word else word.split("|")[0] for word in shlex.split(text, comments=True)]


def _parse_fiqa(words: list[str]) -> None:
    path, command, words = leaf(words)
    if "--help" in words or "--version" in words:
        return
    try:
        command.make_context(path, words)
    except Exception as error:  # Typer brings its own copy of click: the classes are not to be named
        raise ValueError(f"{path}: {getattr(error, 'message', None) or error}") from error


def _look_up(words: list[str]) -> None:
    """The command is there and has the options that are named."""
    path, command, words = leaf(words)
    known = {name for parameter in command.params for name in parameter.opts} | {"--help", "--version"}
    if unknown := next((word for word in words if word.startswith("--") and word.split("=")[0] not in known), None):
        raise ValueError(f"{path} has no option {unknown}")


def leaf(words: list[str]) -> tuple[str, Any, list[str]]:
    """The command that words begin with, and the rest; a group where they name no more, or a placeholder."""
    command, path = _fiqa(), "fiqa"
    while words and (children := getattr(command, "commands", None)):
        if words[0].startswith("-") or words[0].isupper():
            break
        if words[0] not in children:
            raise ValueError(f"'{path}' has no command '{words[0]}'")
        command, path, words = children[words[0]], f"{path} {words[0]}", words[1:]
    return path, command, words


@lru_cache(maxsize=1)
def _fiqa() -> Any:
    return typer.main.get_command(terminal.complete_app())


def _parse_window(words: list[str]) -> None:
    if words[:1] == ["--engine"]:  # the terminal's commands in a build
        _look_up(words[1:])
        return
    try:
        arguments(words)
    except SystemExit as end:
        if end.code:
            raise ValueError("fiqa-desktop does not take these arguments") from end


def _parse_make(words: list[str]) -> None:
    known = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    if missing := [word for word in words if "=" not in word and word not in known]:
        raise ValueError(f"make has no target '{missing[0]}'")


def _parse_pip(words: list[str]) -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for extras in re.findall(r"(?:fiqa-desktop|\.)\[([^\]]*)\]", " ".join(words)):
        if missing := [extra for extra in extras.split(",") if extra not in known]:
            raise ValueError(f"there is no extra '{missing[0]}'")


def _parse_python(words: list[str]) -> None:
    """Scripts and modules of this project: they are there, and name every option that is used."""
    if words[:1] == ["-m"] and len(words) > 1:
        path, rest = words[1].replace(".", "/"), words[2:]
        files = [ROOT / f"{path}.py", ROOT / path / "__main__.py"]
        if words[1] in ("pytest", "PyInstaller"):
            return
    else:
        files, rest = [ROOT / words[0]], words[1:]
    file = next((file for file in files if file.exists()), None)
    if file is None:
        raise ValueError(f"there is no {words[0] if words[0] != '-m' else words[1]}")
    source = file.read_text(encoding="utf-8")
    if unknown := next((w for w in rest if w.startswith("--") and f'"{w.split("=")[0]}"' not in source), None):
        raise ValueError(f"{file.relative_to(ROOT)} has no option {unknown}")


def main() -> int:
    """Returns the exit status."""
    from scripts.documented import classes  # it reads the pages by this module

    bad = 0
    for page in pages():
        for step in classes.steps(page):
            try:
                parse(step.command)
                said = step.said
            except ValueError as error:
                bad, said = bad + 1, f"WRONG ({error})"
            print(f"{step.command.place}: {step.command.text}\n    {said}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
