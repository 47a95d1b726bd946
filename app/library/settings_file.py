"""`library.toml`: what a library is called, where its data lie, and the scale it shows numbers in."""

from __future__ import annotations

import math
import os
import tomllib
import uuid
from pathlib import Path
from typing import Any, Final

import tomli_w

from app.library.errors import LibraryError

NAME: Final = "library.toml"
_NEEDED: Final = frozenset({"id", "database", "display_scale", "salt"})


def read(directory: Path) -> dict[str, Any]:
    """The settings of the library in a folder; `display_scale` is a pair of floats, the lower one first.

    Raises:
        LibraryError: there are none, or they cannot be understood.
    """
    toml = directory / NAME
    try:
        settings = tomllib.loads(toml.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LibraryError(f"There is no library in {directory}.", "Check the folder, or create one there.") from None
    except (OSError, ValueError) as error:
        raise LibraryError(f"Cannot read {toml}: {error}.") from error
    if lacking := _NEEDED - settings.keys():
        raise LibraryError(f"{toml} lacks {', '.join(sorted(lacking))}.", "Copy the file from a backup of the folder.")
    return settings | {"display_scale": _scale(toml, settings["display_scale"])}


def _scale(toml: Path, found: Any) -> tuple[float, float]:
    try:
        low, high = map(float, found)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise LibraryError(
            f"{toml} has a display_scale that is no scale: {found!r}.", "Write two numbers, the worst value first."
        )
    return low, high


def create(directory: Path, settings: dict[str, Any]) -> None:
    """Write the settings of a new library, whole or not at all.

    Raises:
        FileExistsError: there are some by now.
        OSError: the place cannot be written.
    """
    path = directory / NAME
    partial = path.with_name(f"{NAME}.{uuid.uuid4().hex}.partial")
    try:
        with partial.open("x", encoding="utf-8") as stream:
            stream.write(tomli_w.dumps(settings))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(partial, path)  # fails where the file exists, on every system
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if path.exists():
                raise FileExistsError(path) from None
            os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
