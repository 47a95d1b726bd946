"""JSON files that are whole or not there, and the time as they write it."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.atomic import patiently, replacing
from engine.errors import UserError


class RunError(UserError):
    """The directory is no run, or it is in a state that forbids what was asked."""


def now() -> str:
    """The present in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def strict(value: Any) -> Any:
    """JSON has no NaN: a number that does not exist becomes null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(k): strict(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [strict(v) for v in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return strict(value.item())
    return value


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically: a reader sees the old file or the new one, never half of either."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as stream:
        json.dump(strict(value), stream, indent=2, ensure_ascii=False, allow_nan=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_json(path: Path, default: Any = None) -> Any:
    """Read JSON; `default` where the file is missing.

    Raises:
        RunError: it is no JSON.
    """
    try:
        return json.loads(patiently(lambda: path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return default
    except ValueError as error:  # no JSON, or bytes that are no text
        raise RunError(f"{path} is damaged: {error}.") from error
