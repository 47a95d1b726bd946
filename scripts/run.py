"""`make run`: open the window; where there is no display, do the same job offscreen and save a picture of it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import resources

ROOT = Path(__file__).resolve().parent.parent


def has_display() -> bool:
    """Windows and macOS always have one; Linux has one if X11 or Wayland says so."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> int:
    """Returns the exit status of the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=resources.samples(), help="faces; default the samples")
    parser.add_argument("--out", type=Path, default=ROOT / "out", help="where picture and library go with no display")
    options = parser.parse_args()
    folder, out = options.folder.expanduser().absolute(), options.out.absolute()
    command = [sys.executable, "-m", "app", str(folder)]
    environment = dict(os.environ)
    if not has_display():
        out.mkdir(parents=True, exist_ok=True)
        picture, library = out / "window.png", out / "library"
        said = f"There is no display: the window opens offscreen on {folder}, scores every face and saves {picture}."
        print(said, flush=True)  # before the program's own words, in a log too
        command += ["--library", str(library), "--screenshot", str(picture)]
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
