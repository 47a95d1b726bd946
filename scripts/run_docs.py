"""Runs every command of README and docs/ that can be run here, in a reader's order, and writes how each ended.

    python scripts/run_docs.py                                   all of them, some minutes; writes the log of the guide
    python scripts/run_docs.py --work DIR                        keeps the folder in which they ran
    python scripts/run_docs.py --work DIR --only docs/remote.md  these pages again, in a folder that is there
    python scripts/run_docs.py --work DIR --again                what failed there or has changed since

The folder is a copy of this checkout with sample faces, labels and a manifest in it. What each command is run as stands
in scripts/documented/classes.toml. Ends with 1 where one failed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import check_docs  # noqa: E402  # the project is imported from where this script stands
from scripts.documented import classes, sandbox  # noqa: E402

Row = dict[str, Any]
_INTRO: Final = """# Every command, run

<!-- Made by scripts/run_docs.py, by hand: it takes minutes. -->

Here you see how every command of README and of these pages ended when it was last run as a new reader would type it,
one after the other, in a fresh copy of the project with the sample faces. Where it was run as something else than the
page says (a name in capitals has become a file, a training has become small), that stands beside it; seconds are of
the processor. [The guide itself](guide.md) says how to run them again.
"""


def run_page(page: Path, project: Path, ended: Mapping[str, Row]) -> list[Row]:
    """Run what a page says, and say how each command ended; those of `ended`, by what is run, are left alone."""
    rows: list[Row] = []
    for text in classes.before(page):
        rows.append(ended.get(text) or _run("", text, project))
    for step in classes.steps(page):
        if step.runs == "not":
            rows.append({"written": step.command.text, "reason": step.reason})
        elif step.runs in ("test", "script"):
            rows.append(ended.get(step.text) or _run(step.command.text, step.text, project))
    return rows


def _run(written: str, text: str, project: Path) -> Row:
    done = sandbox.run(text, project, project=project)
    print(f"{done.status:3}  {done.seconds:6.1f} s  {text}", flush=True)
    if done.status != 0:
        print(done.said[-3000:], flush=True)
    return {"written": written, "run": text, "status": done.status, "seconds": done.seconds}


def log(results: dict[str, list[Row]]) -> str:
    """The page of the guide."""
    rows = [row for found in results.values() for row in found]
    run = [row for row in rows if "status" in row]
    bad = sum(row["status"] != 0 for row in run)
    parts = [
        _INTRO,
        f"{date.today():%d %B %Y}, {platform.system()}, Python {platform.python_version()}: {len(run)} run, {bad} of "
        f"them failed, in {sum(row['seconds'] for row in run) / 60:.0f} minutes of the processor; "
        f"{len(rows) - len(run)} not run.\n",
    ]
    for name, found in results.items():
        if found:
            lines = [_line(row) for row in found]
            parts.append("\n".join([f"## {name}\n", "| status | s | command |", "|---|---|---|", *lines, ""]))
    return "\n".join(parts)


def _line(row: Row) -> str:
    written = _code(" ".join(check_docs.without_remark(row["written"]).split()))
    if "reason" in row:
        return f"| not run | | {written}: {row['reason']} |"
    as_run = "" if row["run"] == check_docs.without_remark(row["written"]) else _code(row["run"])
    both = f"{written}, as {as_run}" if as_run and row["written"] else written or f"beforehand {as_run}"
    return f"| {row['status']} | {row['seconds']:.1f} | {both} |"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="folder to run them in; kept")
    parser.add_argument("--only", nargs="+", help="pages, as README.md or docs/remote.md")
    parser.add_argument("--again", action="store_true", help="leave alone what has ended well in that folder")
    parser.add_argument("--log", type=Path, default=check_docs.LOG, help="the page to write")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        project: Path = (told.work or Path(spare) / "fiqa-desktop").absolute()
        kept = project.with_suffix(".json")
        if not project.exists():
            sandbox.lay_down_checkout(project)
        results: dict[str, list[Row]] = json.loads(kept.read_text()) if kept.exists() else {}
        for page in classes.ordered():
            name = check_docs.name(page)
            if not told.only or name in told.only:
                good = {row["run"]: row for row in results.get(name, []) if told.again and row.get("status") == 0}
                results[name] = run_page(page, project, good)
                kept.write_text(json.dumps(results))
    ordered = {name: results[name] for page in classes.ordered() if (name := check_docs.name(page)) in results}
    told.log.write_text(log(ordered), encoding="utf-8")
    return int(any(row.get("status") for found in results.values() for row in found))


if __name__ == "__main__":
    sys.exit(main())
