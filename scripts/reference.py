"""The pages of the guide that are made from the code: commands, keys, filter language, messages.

python scripts/reference.py            writes them
python scripts/reference.py --check    says which are out of date, and ends with 1
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import typer.main  # noqa: E402  # the project is imported from where this script stands

from app import cli as terminal  # noqa: E402
from app.library.query.fields import FIELDS, STATES, names  # noqa: E402
from app.library.schema import FLAGS, REASONS  # noqa: E402
from app.library.views import STANDING  # noqa: E402
from app.ui.actions import MENUS, SPECS, Spec  # noqa: E402
from app.ui.application import arguments  # noqa: E402
from app.ui.setup.keymap import RESERVED  # noqa: E402
from scripts.message_page import message_page  # noqa: E402

_MADE: Final = "<!-- Made by scripts/reference.py from the code: change the code, then run it. -->"
_GUIDE: Final = ROOT / "docs" / "guide"


# -- commands ----------------------------------------------------------------------------------------------------------


def command_page() -> str:
    """Every command of `fiqa` with its arguments and options, and those of `fiqa-desktop`."""
    parts = [
        "# Commands",
        _MADE,
        "Here you find every command of the terminal with all its options. `fiqa COMMAND --help` says the same.",
        "Exit status: 0 done; 1 done, with items that failed (each is listed); 2 wrong use or unusable input, one line "
        "says what to do; 130 interrupted, and it can go on. In a checkout the programs are `.venv/bin/fiqa` and "
        "`.venv/bin/fiqa-desktop`.",
        "## fiqa-desktop",
        f"```text\n{_window_help()}\n```",
    ]
    for path, command in sorted(leaves(terminal_command())):
        parts += [f"## {path}", *_command(path, command)]
    return _page(parts)


def terminal_command() -> Any:
    """`fiqa` with all its groups, as Typer runs it."""
    return typer.main.get_command(terminal.complete_app())


def leaves(command: Any, path: str = "fiqa") -> Iterable[tuple[str, Any]]:
    """Every command that does something, by its whole name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, child in inner.items():
        yield from leaves(child, f"{path} {name}")


def _command(path: str, command: Any) -> list[str]:
    context = command.make_context(path, [], resilient_parsing=True)
    records = [(p, p.get_help_record(context)) for p in command.params]
    rows = [(left, right) for _, record in records if record is not None for left, right in (record,)]
    pieces = [re.sub(r"[{}]|\.\.\.$", "", piece) for p in command.params for piece in p.get_usage_pieces(context)]
    said = [_sentence(part) for part in (command.help or "").split("\n\n")]
    options = [(left, right) for left, right in rows if left != "--help"]
    usage = " ".join((path, *pieces, *(["[OPTIONS]"] if options else [])))
    return [f"`{usage}`", *said, _table(("argument, option", "meaning"), options, code_first=True)]


def _window_help() -> str:
    said = io.StringIO()
    wide = patch.dict(os.environ, COLUMNS="80")  # argparse wraps for the terminal
    with wide, contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        arguments(["--help"])
    return said.getvalue().strip()


# -- keys --------------------------------------------------------------------------------------------------------------


def key_page() -> str:
    """Every action of the menus with its keys."""
    parts = [
        "# Keys",
        _MADE,
        "Here you find every action and its keys, as they are after the installation. **Help > Keys** (F1) shows those "
        "of your own machine; **File > Preferences… > Keys** changes them.",
        "Single keys act while the grid or the loupe has the focus, never in a text field. On macOS read Cmd for Ctrl.",
    ]
    for menu, title in MENUS.items():
        rows = [(_keys(spec), _title(spec)) for spec in SPECS if spec.menu == menu]
        parts += [f"## {title.replace('&', '')}", _table(("keys", "what they do"), rows)]
    moves = ", ".join(f"`{key}`" for key in RESERVED)
    parts += ["## Moving about", f"These keys move between images, pages and panels and cannot be given away: {moves}."]
    return _page(parts)


def _keys(spec: Spec) -> str:
    return ", ".join(f"`{key}`" for key in spec.keys)


def _title(spec: Spec) -> str:
    inside = " (images)" if spec.keys and spec.scope == "images" and len(spec.keys[0]) > 1 else ""
    return spec.title() + inside


# -- filters -----------------------------------------------------------------------------------------------------------

_KINDS: Final = {
    "number": ("number", "`<0.3` `>=0.7` `0.4..0.6` `0.5` (all that is shown as 0.50)"),
    "count": ("whole number", "`>=3` `0` `2..4`"),
    "size": ("file size", "`<200kB` `>2MB` `1MiB..4MiB`"),
    "date": ("date", "`>2026-11-01` `2026-11` `2025..2026`"),
    "text": ("text", "`anna` (contains) `=anna.jpg` (is) `!=anna.jpg` (is not)"),
    "choice": ("word", "`reject` (is) `!=reject` (is not)"),
    "state": ("state", "see below"),
}


def filter_page() -> str:
    """The language of the filter box."""
    fields = [FIELDS[name] for name in names()]
    others = {f.name: ", ".join(f"`{n}`" for n in f.other_names) for f in fields}
    rows = [(f"`{f.name}`", others[f.name], _KINDS[f.kind][0], _scaled(f.help, f.unit)) for f in fields]
    views = [(view.name, f"`{view.query}`" if view.query else "", view.sort) for view in STANDING]
    parts = [
        "# Filter language",
        _MADE,
        "Here you find everything that can be written into the filter box (Ctrl+F). It completes while you type.",
        "A filter is a row of questions `field:value`. **All of them** must hold; `OR` lets one of two be enough, "
        "`NOT` or a `-` before it turns a question round, brackets group. A word alone is sought in the path. "
        'Words with spaces stand in quotation marks: `name:"anna maria"`.',
        "```text\nmos:<0.3 score:>0.7 -flag:reject      labelled low, scored high, not rejected\n"
        "(noise:>0.5 OR size:<20kB) is:unlabelled  to be looked at first\n"
        'score@"My model":>0.8 -score:>0.8        one model likes it, the one in use does not\n```',
        "## Values",
        _table(("kind", "examples"), list(_KINDS.values())),
        "After a field of any kind, `any` means that it has a value and `none` that it has none: `mos:none`.",
        "## Fields",
        _table(("field", "other names", "kind", "meaning"), rows),
        "## States",
        _table(("state", "the image"), [(f"`is:{name}`", text) for name, text in STATES.items()]),
        "## Words of flags",
        f"Flags: {_words(FLAGS)}. Reasons: {_words(REASONS)}.",
        "## Views that are always there",
        _table(("view", "filter", "sorted by"), views),
        "Images whose file is gone are left out unless the filter asks for `is:missing`.",
    ]
    return _page(parts)


def _scaled(text: str, unit: str) -> str:
    return f"{text}; on the library's scale" if unit else text


def _words(known: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in known)


# -- writing -----------------------------------------------------------------------------------------------------------

PAGES: Final[dict[str, Callable[[], str]]] = {
    "commands.md": command_page,
    "keys.md": key_page,
    "filter-language.md": filter_page,
    "messages.md": message_page,
}


def outdated() -> list[Path]:
    """Pages that differ from what the code says."""
    return [_GUIDE / name for name, make in PAGES.items() if _read(_GUIDE / name) != make()]


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, code_first: bool = False) -> str:
    lines = [head, tuple("---" for _ in head)]
    for first, *rest in rows:
        lines.append((f"`{first}`" if code_first else first, *rest))
    return "\n".join(
        f"| {' | '.join(_sentence(cell).replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Make the pages of the guide that come from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing, say which pages are out of date")
    old = outdated()
    if parser.parse_args().check:
        for file in old:
            print(f"{file.relative_to(ROOT)} is out of date: run python scripts/reference.py")
        return 1 if old else 0
    for file in old:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGES[file.name](), encoding="utf-8")
        print(f"{file.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
