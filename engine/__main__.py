"""`python -m engine ...`: the engine's commands without the window's packages."""

from __future__ import annotations

import sys

from engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
