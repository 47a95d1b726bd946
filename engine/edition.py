"""Which program this is (from source, the full build, the light build), and how to get what it lacks."""

from __future__ import annotations

import importlib.util
import sys
from typing import Final, Literal

Edition = Literal["source", "full", "light"]
TITLES: Final = {"source": "from source", "full": "full build", "light": "light build"}
_FULL_BUILD: Final = "Use the full build of FIQA Desktop: it is the same program with the training inside."


def is_frozen() -> bool:
    """Whether this is a packaged program: its executable is then no Python that could be asked for anything."""
    return bool(getattr(sys, "frozen", False))


def edition() -> Edition:
    """Which one; a build is the light one where torch was left out (it is not imported to find out)."""
    if not is_frozen():
        return "source"
    return "full" if importlib.util.find_spec("torch") is not None else "light"


def install(*extras: str) -> str:
    """What to do where the packages of these extras are missing, as one sentence."""
    command = f"pip install 'fiqa-desktop[{','.join(extras)}]'" if extras else "pip install fiqa-desktop"
    if not is_frozen():
        return f"Install them with: {command}."
    if extras == ("train",) and edition() == "light":
        return _FULL_BUILD
    return f"A packaged build cannot take in more: install the program from source, {command}."


def terminal() -> str:
    """How the engine's commands are called here: a packaged program enters itself anew."""
    return "fiqa-desktop --engine" if is_frozen() else "fiqa"
