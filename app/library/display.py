"""The scale in which a library shows its numbers: a line of `library.toml`, for the eye only."""

from __future__ import annotations

import math
import os
import tomllib
import uuid

import tomli_w

from app.library.errors import LabelValueError, LibraryError
from app.library.library import Library


def set_display_scale(library: Library, low: float, high: float) -> None:
    """Show MOS 0 as `low` and MOS 1 as `high` from now on; other windows follow when they open the library again.

    Raises:
        LabelValueError: the two are no scale.
        LibraryError: the library's folder cannot be written; the scale stays.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise LabelValueError(f"{low:g} to {high:g} is no scale.", "The worst value must be below the best one.")
    toml = library.directory / "library.toml"
    partial = toml.with_name(f"{toml.name}.{uuid.uuid4().hex}.partial")
    try:
        settings = tomllib.loads(toml.read_text(encoding="utf-8")) | {"display_scale": [float(low), float(high)]}
        with partial.open("x", encoding="utf-8") as stream:
            stream.write(tomli_w.dumps(settings))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, toml)
    except (OSError, ValueError) as error:
        partial.unlink(missing_ok=True)
        raise LibraryError(f"The scale cannot be stored in {toml}: {error}.", "Check the drive.") from error
    library.display_scale = (float(low), float(high))
