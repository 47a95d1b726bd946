"""A curator's day in numbers: open, browse, sort, filter and rate thousands of files in the real window.

    python -m benchmarks.curation FACES [--files 10000 100000] [--ratings 1000] [--steps 200]
                                  [--labelme PYTHON] [--json FILE] [--markdown FILE] [--place DIR]

FACES is a folder with small JPEG faces. For each of `--files`, as many distinct files are made of them in a temporary
folder (in `--place`, else in the system's; 100,000 take about 3 GB), each with its own serial number in a JPEG comment.
The program runs offscreen, as a child process, with the bundled model scoring.

The peer: PYTHON is the interpreter of a virtual environment in which `pip install labelme` was done. labelme is no
dependency: it is driven there by `labelme_day.py`, on the same files, right after us. Without it its column is empty.

The goals are those of the design, for 100,000 files. Let the machine be idle: the load at the start is written down.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.faces import fill, small_jpegs

Found = dict[str, float]
GOALS: Final = {
    "reopen: first screen, s": 0.5,
    "reopen: all listed, s": 5.0,
    "next image p95, ms": 30.0,
    "sort by score, ms": 100.0,
    "sort by name, ms": 100.0,
    "filter, ms": 100.0,
    "filter with the raters' facts, ms": 100.0,
    "rating alone: durable p95, ms": 10.0,
    "rating while scoring: durable p95, ms": 10.0,
    "rating while scoring: longest stall, ms": 100.0,
    "memory, MB": 600.0,
}
PEER: Final = {
    "new library: first screen, s": "first_screen_s",
    "new library: all listed, s": "all_listed_s",
    "next image p50, ms": "next_p50_ms",
    "next image p95, ms": "next_p95_ms",
    "memory, MB": "memory_mb",
}
"""Where the job is the same: open a folder that the program has never seen, go to the next image."""
_NOTES: Final = """\
Goals are those of the design for 100,000 files. *new library*: the folder is opened for the first time and scored
meanwhile. *rating*: a script presses a rating key as soon as the next face is shown, {ratings} times; *durable* is from
the key to the word that the label is on the disk; *a bare commit* is one row with the same safety in an empty SQLite
file on the same disk, at the same time: what no label can be faster than. *stall*: how long the window's thread was
away from its event loop; *most work* is what of it the thread itself worked, without what others took from it.
labelme shows one image at a time and scores nothing: its first screen is its first image. Its memory is the highest it
had."""


def child(command: list[str], out: Path, **environment: str) -> Found:
    """Run a measuring child; what it wrote."""
    everything = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment
    told = subprocess.run(command, capture_output=True, text=True, env=everything)
    if told.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{told.stderr[-2000:]}")
    found: Found = json.loads(out.read_text())
    return found


def measure(place: Path, count: int, options: argparse.Namespace) -> dict[str, Found]:
    """Ours, then the peer's, on one set of files."""
    fill(place / "faces", small_jpegs(options.faces), count)
    out = place / "found.json"
    ours = [sys.executable, "-m", "benchmarks.curator", str(place), str(count), "--out", str(out)]
    ours += ["--ratings", str(options.ratings), "--steps", str(options.steps)]
    found = child([*ours, "--first"], out) | child(ours, out)
    if options.labelme is None:
        return {"ours": found, "labelme": {}}
    script, home = Path(__file__).with_name("labelme_day.py"), str(place)  # nothing of its person's own is touched
    peer = [options.labelme, str(script), str(place / "faces"), str(count), str(options.steps), str(out)]
    theirs = child(peer, out, HOME=home, XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home)
    return {"ours": found, "labelme": {mine: theirs[name] for mine, name in PEER.items() if name in theirs}}


def machine() -> dict[str, Any]:
    """What measured, in words, and how busy it was."""
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    return {
        "machine": f"{cores} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}",
        "load at the start": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def number(value: float) -> str:
    """As many digits as mean something."""
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"


def verdict(name: str, value: float) -> tuple[str, str]:
    """Goal, and whether it is reached."""
    goal = GOALS.get(name)
    return ("", "") if goal is None else (f"{goal:g}", "yes" if value <= goal else "no")


def rows(found: dict[str, Found]) -> list[tuple[str, ...]]:
    """(what, ours, goal, reached, labelme) per number."""
    theirs = found["labelme"]
    return [
        (name, number(value), *verdict(name, value), number(theirs[name]) if name in theirs else "")
        for name, value in found["ours"].items()
    ]


HEAD: Final = ("", "ours", "goal", "reached", "labelme")


def show(found: dict[str, Found], count: int) -> None:
    """A table for people at a terminal."""
    table = Table(*HEAD, title=f"{count:,} files")
    for row in rows(found):
        table.add_row(*row)
    Console().print(table)


def page(results: dict[int, dict[str, Found]], about: dict[str, Any], options: argparse.Namespace) -> str:
    """The same as a page to be kept."""
    command = f"python -m benchmarks.curation FACES --files {' '.join(map(str, results))} --ratings {options.ratings}"
    command += f" --steps {options.steps}" + (" --labelme PYTHON" if options.labelme else "")
    parts = ["# A curator's day in numbers", f"`{command}`", "; ".join(f"{k}: {v}" for k, v in about.items()) + "."]
    if (about["load at the start"] or 0) >= (os.cpu_count() or 1):
        parts.append("The machine was busy with other work: compare the columns, not the times with the goals.")
    parts.append(_NOTES.format(ratings=f"{options.ratings:,}"))
    for count, found in results.items():
        lines = [" | ".join(HEAD), "---|" * (len(HEAD) - 1) + "---", *(" | ".join(row) for row in rows(found))]
        parts += [f"## {count:,} files", "\n".join(f"| {line} |" for line in lines)]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("--files", type=int, nargs="+", default=[10_000])
    parser.add_argument("--ratings", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--labelme", metavar="PYTHON", help="the interpreter that has labelme")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--place", type=Path, help="where the files are made; emptied at the end")
    options = parser.parse_args()
    about, results = machine(), dict[int, dict[str, Found]]()
    for count in options.files:
        with tempfile.TemporaryDirectory(dir=options.place) as place:
            results[count] = measure(Path(place), count, options)
        show(results[count], count)
        if options.json:
            options.json.write_text(json.dumps(about | {"files": results}, indent=1) + "\n")
        if options.markdown:
            options.markdown.write_text(page(results, about, options))


if __name__ == "__main__":
    main()
