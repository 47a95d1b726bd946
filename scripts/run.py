"""`make run`: open the window; where there is no display, do the same job offscreen and save a picture of it."""

from __future__ import annotations

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
    folder = sys.argv[1] if len(sys.argv) > 1 else str(resources.samples())
    command = [sys.executable, "-m", "app", folder]
    environment = dict(os.environ)
    if not has_display():
        out = ROOT / "out"
        out.mkdir(exist_ok=True)
        picture, library = out / "window.png", out / "library"
        print(f"There is no display: the window opens offscreen on {folder}, scores every face and saves {picture}.")
        command += ["--library", str(library), "--screenshot", str(picture)]
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
