"""A child process that is killed at one moment of its own work, however busy the machine is."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Final

_WATCH: Final = """
import fnmatch, os, signal, sys
name = sys.argv.pop(1)

def _look(event, arguments):
    if event == "open" and fnmatch.fnmatch(os.path.basename(str(arguments[0])), name):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(_look)
"""
ENGINE: Final = "from engine.cli import main; sys.exit(main(sys.argv[1:]))"
"""The command line of the engine; `arguments` are its own."""


def killed(code: str, *arguments: str) -> None:
    """Run Python code that ends itself by SIGKILL, as `kill -9` does."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, f"It ended with {done.returncode}, not by the kill:\n{done.stderr}"


def killed_when_it_opens(name: str, code: str, *arguments: str) -> None:
    """Run Python code that is killed, by SIGKILL, when it opens a file of this name; `*` stands for any part."""
    killed(_WATCH + code, name, *arguments)
