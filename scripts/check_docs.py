"""Whether the commands in README.md and docs/ are right: all are parsed, those of marked blocks are run.

    python scripts/check_docs.py          parses every command and says of each whether it was only parsed or is run
    python scripts/check_docs.py --run    runs the marked blocks too, on copies of the sample faces

Commands stand in fenced blocks of kind `sh` (README: of any kind), or between back-ticks where they begin with `fiqa `.
A block after the line `<!-- run -->` is run, line by line, in a folder that holds `faces/` (the samples), `labels.csv`
(an opinion of each, 1 to 5) and `manifest.csv` (the same with splits); blocks of one page follow one another there. The
tests run these; those marked `<!-- run: long -->` are run by this script only.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import typer.main  # noqa: E402  # the project is imported from where this script stands

import resources  # noqa: E402
from app import cli as terminal  # noqa: E402
from app.ui.application import arguments  # noqa: E402

Runs = Literal["", "always", "long"]
_FENCE: Final = re.compile(r"^```(\w*)\s*$")
_SPAN: Final = re.compile(r"`(fiqa [a-z][^`]+)`")
_MARKS: Final[dict[str, Runs]] = {"<!-- run -->": "always", "<!-- run: long -->": "long"}
_SHELL: Final = frozenset({"rsync", "cp", "cd", "scp", "ssh", "git", "export", "tail", "ls", "."})
"""Programs of the system: not ours to check."""
_BEFORE: Final = {"srun": 1, "nice": 3}
"""What may stand before a program, and how many words it is."""
_ALLOWED: Final = frozenset({"text", "csv", "toml", "json", "python", "bash", "sh", "markdown"})
"""Kinds of fenced blocks in docs/; one without a kind could be a command that nobody checks."""


@dataclass(frozen=True)
class Command:
    """One command as it is written, joined over its lines; `runs`: its block is marked, see the module."""

    file: Path
    line: int
    text: str
    runs: Runs = ""
    is_mention: bool = False
    """Named in a sentence: what it needs may be left out."""

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


# -- finding -----------------------------------------------------------------------------------------------------------


def pages() -> list[Path]:
    """README.md and every page of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(page: Path) -> Iterator[Command]:
    """All commands of a page, in order."""
    kind: str | None = None
    runs: Runs = ""
    marked: Runs = ""
    begun, begun_at = "", 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if fence := _FENCE.match(line):
            kind, runs, marked = (fence.group(1), marked, "") if kind is None else (None, "", "")
        elif kind is None:
            marked = _MARKS.get(line.strip(), "" if line.strip() else marked)
            yield from (Command(page, number, found, is_mention=True) for found in _SPAN.findall(line))
        elif kind == "sh" or (kind == "" and page.name == "README.md"):
            begun_at = begun_at if begun else number
            begun += line.rstrip()
            if begun.endswith("\\"):
                begun = begun[:-1] + " "
                continue
            if begun.strip() and not begun.lstrip().startswith("#"):
                yield Command(page, begun_at, begun.strip(), runs)
            begun = ""


def untagged(page: Path) -> list[int]:
    """Lines where a fenced block begins whose kind is not known."""
    found, inside = [], False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if fence := _FENCE.match(line):
            if not inside and fence.group(1) not in _ALLOWED:
                found.append(number)
            inside = not inside
    return found


# -- parsing -----------------------------------------------------------------------------------------------------------


def parse(command: Command) -> None:
    """Whether every program, command, option and target of it exists.

    Raises:
        ValueError: what is wrong.
    """
    words = _words(command.text)
    if command.is_mention:
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
    path, command, words = _leaf(words)
    if "--help" in words or "--version" in words:
        return
    try:
        command.make_context(path, words)
    except Exception as error:  # Typer brings its own copy of click: the classes are not to be named
        raise ValueError(f"{path}: {getattr(error, 'message', None) or error}") from error


def _look_up(words: list[str]) -> None:
    """The command is there and has the options that are named."""
    path, command, words = _leaf(words)
    known = {name for parameter in command.params for name in parameter.opts} | {"--help", "--version"}
    if unknown := next((word for word in words if word.startswith("--") and word.split("=")[0] not in known), None):
        raise ValueError(f"{path} has no option {unknown}")


def _leaf(words: list[str]) -> tuple[str, Any, list[str]]:
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
        name, rest = words[1].replace(".", "/"), words[2:]
        files = [ROOT / f"{name}.py", ROOT / name / "__main__.py"]
        if name == "pytest":
            return
    else:
        files, rest = [ROOT / words[0]], words[1:]
    file = next((file for file in files if file.exists()), None)
    if file is None:
        raise ValueError(f"there is no {words[0] if words[0] != '-m' else words[1]}")
    source = file.read_text(encoding="utf-8")
    if name := next((w for w in rest if w.startswith("--") and f'"{w.split("=")[0]}"' not in source), None):
        raise ValueError(f"{file.relative_to(ROOT)} has no option {name}")


# -- running -----------------------------------------------------------------------------------------------------------


def lay_down(folder: Path) -> None:
    """What marked blocks may use."""
    shutil.copytree(resources.samples(), folder / "faces", ignore=shutil.ignore_patterns("*.md"))
    with (folder / "faces" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        records = list(csv.DictReader(stream))
    people = sorted({record["group"] for record in records})
    with (
        (folder / "labels.csv").open("w", encoding="utf-8") as labels,
        (folder / "manifest.csv").open("w", encoding="utf-8") as manifest,
    ):
        labels.write("image,score\n")
        manifest.write("path,mos,split,provenance,group\n")
        for record in records:
            severity = max(map(int, record["severity"].split(",")), default=0) if record["severity"] else 0
            split = ("train", "train", "val", "test")[people.index(record["group"]) % 4]
            labels.write(f"{record['path']},{max(1.0, 5 - 0.8 * severity)}\n")
            mos = (max(1.0, 5 - 0.8 * severity) - 1) / 4
            manifest.write(f"faces/{record['path']},{mos},{split},human,{record['group']}\n")


def run(command: Command, folder: Path) -> None:
    """Run a command as it is written, with this checkout's programs, in `folder`.

    Raises:
        ValueError: it ended with another status than 0; its words.
    """
    words = shlex.split(command.text, comments=True)
    program = Path(words[0]).name
    module = {"fiqa": ["-m", "app.cli"], "fiqa-desktop": ["-m", "app"]}[program]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "FIQA_HOME": str(folder / "home"),
    }
    done = subprocess.run(
        [sys.executable, *module, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, timeout=540
    )
    if done.returncode != 0:
        raise ValueError(f"status {done.returncode}: {done.stdout[-500:]}{done.stderr[-1500:]}")


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the commands of README and guide.")
    parser.add_argument("--run", action="store_true", help="run the marked blocks")
    wanted = parser.parse_args().run
    bad = 0
    for page in pages():
        with tempfile.TemporaryDirectory() as folder:
            if wanted:
                lay_down(Path(folder))
            for command in commands(page):
                try:
                    parse(command)
                    if wanted and command.runs:
                        run(command, Path(folder))
                    said = ("ran" if wanted else "is run") if command.runs else "parsed"
                except ValueError as error:
                    bad, said = bad + 1, f"WRONG ({error})"
                print(f"{said:8}{command.place}: {command.text}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
