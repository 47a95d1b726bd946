"""The translations of the window: read the strings of the code, merge them into the .ts files, compile them.

    python scripts/translations.py                    update resources/translations/*.ts and compile the .qm
    python scripts/translations.py --check            change nothing; fail where a string is missing or broken
    python scripts/translations.py --todo todo.json   update, and write what is unfinished: {context: {source: ""}}
    python scripts/translations.py --fill todo.json   take translations from such a file, then update and compile
    python scripts/translations.py --new de_DE        begin a language

A translator works in Qt Linguist (`pyside6-linguist FILE.ts`) or with --todo and --fill. See docs/translation.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import resources  # noqa: E402  # the project of this script, wherever it is started
from scripts.translating import catalogue, strings  # noqa: E402
from scripts.translating.strings import Reading, Text  # noqa: E402


def files() -> list[Path]:
    """The languages that there are."""
    return sorted(resources.translations().glob("fiqa_*.ts"))


def check() -> list[str]:
    """Every fault of the strings in the code and of their translations; reads only, and needs no tool of Qt."""
    found = strings.read(ROOT)
    return [*found.faults, *(fault for file in files() for fault in catalogue.faults(found.texts, file))]


def update(found: Reading, languages: Iterable[Path]) -> None:
    """Merge the strings into the .ts files, which keep what is translated, and compile them."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "strings.py"
        listed.write_text("".join(f"{_call(text)}\n" for text in sorted(found.texts)), "utf-8")
        for file in languages:
            language = file.stem.removeprefix("fiqa_")
            kept = ["-no-obsolete", "-locations", "none", "-target-language", language, "-source-language", "en"]
            _tool("lupdate", *kept, str(listed), "-ts", str(file))
            _tool("lrelease", "-silent", str(file), "-qm", str(file.with_suffix(".qm")))


def _call(text: Text) -> str:
    """A string as lupdate's own reader finds it."""
    written = [json.dumps(part, ensure_ascii=False) for part in (text.context, text.source, text.comment)]
    return f"QCoreApplication.translate({', '.join(written)}{', 2' if text.plural else ''})"


def _tool(name: str, *arguments: str) -> None:
    tool = Path(sys.executable).with_name(f"pyside6-{name}")
    done = subprocess.run([str(tool), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"pyside6-{name}: {done.stdout}{done.stderr}")


def _report(found: Reading, languages: Iterable[Path], todo: Path | None) -> None:
    open_: dict[str, dict[str, str]] = {}
    for file in languages:
        entries = catalogue.read(file)
        unfinished = [e for e in entries if not e.finished]
        print(f"{file.name}: {len(entries) - len(unfinished)} of {len(entries)} strings are translated")
        for entry in unfinished:
            open_.setdefault(entry.text.context, {})[entry.text.source] = ""
    if todo is not None:
        todo.write_text(json.dumps(open_, ensure_ascii=False, indent=1) + "\n", "utf-8")
    elif open_:
        print(json.dumps(open_, ensure_ascii=False, indent=1))
    for fault in found.faults:
        print(f"Cannot be translated: {fault}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Update, check and compile the translations of the window.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail where something is not right")
    parser.add_argument("--todo", type=Path, metavar="JSON", help="write there what is not translated")
    parser.add_argument("--fill", type=Path, metavar="JSON", help="take translations from there")
    parser.add_argument("--new", metavar="LANGUAGE", help="begin a language, e.g. de_DE")
    parser.add_argument("--language", metavar="LANGUAGE", help="--todo and --fill for one of several languages")
    options = parser.parse_args(argv)
    if options.check:
        faults = check()
        print("\n".join(faults) or "Every string is translated.")
        return 1 if faults else 0
    chosen = options.new or options.language
    languages = [resources.translations() / f"fiqa_{chosen}.ts"] if chosen else files()
    found = strings.read(ROOT)
    update(found, languages)
    if options.fill:
        given = json.loads(options.fill.read_text("utf-8"))
        print(f"{sum(catalogue.fill(file, given) for file in languages)} translations taken")
        update(found, languages)
    _report(found, languages, options.todo)
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
