"""What a process of ours ends with, for who starts one: the terminal's commands and the jobs of the window."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
SOME_FAILED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130
