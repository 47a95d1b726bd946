"""Options of the baselines without torch: plain values, unknown names refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from engine.errors import UserError
from engine.plain_data import did_you_mean


class OptionError(UserError):
    """A baseline does not know an option, or cannot use its value."""


def from_text(settings: Mapping[str, str]) -> dict[str, Any]:
    """Values as TOML writes them (`3`, `0.1`, `true`, `[1, 2]`); anything else is text."""
    return {key: _value(text) for key, text in settings.items()}


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def take(name: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """`known` (names and defaults) with the given values in place.

    Raises:
        OptionError: an unknown name, or a value of another type than the default's.
    """
    for key, value in given.items():
        if key not in known:
            hint = f"{did_you_mean(key, known)} It knows {', '.join(known)}." if known else "It has no options."
            raise OptionError(f"{name} has no option '{key}'.", hint)
        wanted = type(known[key])
        if not isinstance(value, wanted) and not (wanted is float and type(value) is int):
            raise OptionError(f"{name}: '{key}' must be a {wanted.__name__}, got {value!r}.")
    return {**known, **given}
