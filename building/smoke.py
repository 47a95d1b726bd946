"""`make build-test`: both builds go through a curator's day where there is no Python; sizes and start-up times printed.

The program drives its own real window (`app.ui.rehearsal`) in an empty environment: no PATH, a home of its own, and a
display of Xvfb where there is one. It is started three times: on a new library, again (warm), and again with its files
dropped from the system's cache (cold); the latter two find all labels again.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageFilter

import resources
from app.ui.rehearsal import REPORT
from building import contents
from building.contents import Build

_PATIENCE_S: Final = 2400
_NEEDED: Final = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR")
"""What Windows itself cannot do without."""
_SHOWN: Final = ("the window is on screen", "the faces are listed")


class SmokeError(Exception):
    """A build does not do what it should."""


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink())


def start(build: Build, folder: Path, room: Path, display: dict[str, str], out: str) -> dict[str, Any]:
    """Run the rehearsal once; returns its report."""
    home, empty = room / "home", room / "empty"
    for made in (home, empty):
        made.mkdir(parents=True, exist_ok=True)
    places = {"HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home), "LOCALAPPDATA": str(home)}
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    environment = {**kept, **places, **display, "PATH": str(empty), "LANG": "C.UTF-8", "TMPDIR": str(room)}
    program = folder / (f"{contents.NAME}.exe" if sys.platform == "win32" else contents.NAME)
    command = [str(program), str(room / "faces"), "--library", str(room / "library")]
    command += ["--rater", "Smoke test", "--smoke-test", str(room / out)]
    done = subprocess.run(
        command, env=environment, cwd=room, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )
    file = room / out / REPORT
    if not file.is_file():
        raise SmokeError(f"The {build.name} build wrote no report (status {done.returncode}).\n{done.stderr[-4000:]}")
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if report["failure"] or done.returncode or report["edition"] != build.name:
        logs = "\n".join(_end(log) for log in sorted((room / "library" / "runs").glob("*/log.txt")))
        raise SmokeError(f"The {build.name} build failed: {report['failure']}\n{done.stderr[-2000:]}\n{logs}")
    return report


def _end(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")[-4000:]


def make_faces(folder: Path) -> None:
    """The bundled samples and blurred copies of them, so that there are people and labels enough to learn from."""
    folder.mkdir()
    with (resources.samples() / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        records = list(csv.DictReader(stream))
    lines = []
    for record in records:
        name, person = record["path"], record["group"]
        severity = min(4, max((int(n) for n in record["severity"].split(",") if n), default=0))
        shutil.copyfile(resources.samples() / name, folder / name)
        lines.append(f"{name},{person},{severity}")
        with Image.open(resources.samples() / name) as picture:
            for more in (1, 2):
                blurred = f"{Path(name).stem}-blur{more}.jpg"
                picture.filter(ImageFilter.GaussianBlur(2.0 * more)).save(folder / blurred, quality=92)
                lines.append(f"{blurred},{person},{min(4, severity + more)}")
    (folder / "manifest.csv").write_text("\n".join(["path,group,severity", *lines]) + "\n", encoding="utf-8")


def drop_from_cache(folder: Path) -> bool:
    """Let the system forget the files of a folder, as after a restart; False where it cannot be asked to."""
    if not hasattr(os, "posix_fadvise"):
        return False
    os.sync()
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def leave_no_report(room: Path) -> None:
    """Raise where a library of the build has prepared to report usage to its maker (see `engine/__init__.py`)."""
    if traces := [file for file in room.rglob("*") if file.name == "deviceid" or "microsoft" in file.name.lower()]:
        raise SmokeError(f"The build prepares to report usage: {traces[0]}.")


def times(report: dict[str, Any]) -> str:
    """Seconds from the start of the process to each of the first steps, and seconds of processor until then."""
    steps = {step["step"]: step for step in report["steps"]}
    found = [(name, steps[name]["at_s"], steps[name]["cpu_s"]) for name in _SHOWN]
    return ", ".join(f"{name} {at:.1f} s (processor {cpu:.1f} s)" for name, at, cpu in found)


def load() -> str:
    """How busy the machine is beside this: times are those of an idle one only where it idles."""
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{busy}"


def try_out(build: Build, folder: Path, display: dict[str, str]) -> None:
    """The whole day, then two more starts.

    Raises:
        SmokeError: something did not work, or the folder is too large.
    """
    weight = size(folder) / 1e6
    print(f"{build.title}: {weight:.0f} MB in {folder.name} (at most {build.most_mb})", flush=True)
    with tempfile.TemporaryDirectory(prefix="fiqa-smoke-") as made:
        room = Path(made)
        make_faces(room / "faces")
        first = start(build, folder, room, display, "first")
        for step in first["steps"]:
            if not step["step"].startswith("face "):
                print(f"  {step['at_s']:7.1f} s  {step['step']}", flush=True)
        print(f"  memory of the window at the end: {first['memory_mb']} MB")
        leave_no_report(room)
        print(f"  now {load()}")
        print(f"  start, warm: {times(start(build, folder, room, display, 'warm'))}", flush=True)
        if drop_from_cache(folder):
            print(f"  start, cold: {times(start(build, folder, room, display, 'cold'))}", flush=True)
    if weight > build.most_mb:
        raise SmokeError(f"The {build.name} build is too large: {weight:.0f} MB instead of {build.most_mb}.")


@contextlib.contextmanager
def a_display() -> Iterator[dict[str, str]]:
    """What the environment says of the display: Xvfb's, or offscreen, or (Windows, macOS) nothing."""
    server = shutil.which("Xvfb")
    if sys.platform in ("win32", "darwin"):
        yield {}
    elif server is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
    else:
        command = [server, "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            number = process.stdout.readline().strip()
            try:
                yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
            finally:
                process.terminate()


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dist", type=Path, help="where the builds lie")
    parser.add_argument("builds", nargs="*", default=list(contents.BUILDS), help="full, light; default both")
    options = parser.parse_args()
    failed = False
    with a_display() as display:
        print(f"display: {display or 'the desktop'}; {load()}")
        for name in options.builds:
            build = contents.BUILDS[name]
            try:
                try_out(build, (options.dist / build.folder).resolve(), display)
                print("  passed")
            except (SmokeError, OSError, subprocess.TimeoutExpired) as error:
                print(f"  FAILED: {error}")
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
