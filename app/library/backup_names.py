"""What the copies in `backups/` are called: why each was made, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

DAILY: Final = "library"
BEFORE_RESTORE: Final = "before-restore"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_FINE_STAMP: Final = "%Y%m%dT%H%M%S%fZ"
"""To the microsecond: a copy never takes the place of another."""


def daily(moment: datetime) -> str:
    """The name of the copy of a day."""
    return f"{DAILY}-{moment.astimezone(UTC).strftime(_STAMP)}.sqlite"


def present(why: str) -> str:
    """The name of a copy that is made now, before something happens to the library."""
    return f"{why}-{datetime.now(UTC).strftime(_FINE_STAMP)}.sqlite"


def reason(file: Path) -> str:
    """Why a copy was made: `DAILY`, `BEFORE_RESTORE`, `before-<revision>`, or whatever a person called it."""
    return file.stem.rpartition("-")[0]


def made_at(file: Path) -> datetime | None:
    """When a copy was made by its name; None where a person named it."""
    for form in (_STAMP, _FINE_STAMP):
        try:
            return datetime.strptime(file.stem.rpartition("-")[2], form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
