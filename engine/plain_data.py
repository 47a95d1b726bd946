"""Frozen dataclasses from plain data (TOML, JSON), with a clear line for every key or value that does not fit."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeVar

from engine.errors import UserError

T = TypeVar("T")
Refuse = Callable[[str, str], UserError]
"""`refuse(message, remedy)` makes the exception to raise."""


def as_tuples(value: Any) -> Any:
    """What JSON made a list of, as a tuple, all the way down."""
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


class Builder:
    """Builds dataclasses and refuses unknown keys, naming the nearest known one."""

    def __init__(self, what: str, refuse: Refuse) -> None:
        """`what` is named in the sentences: 'The recipe has an unknown key ...'."""
        self._what, self._refuse = what, refuse

    def build(self, cls: type[T], data: Any, where: str = "") -> T:
        """An instance of `cls`; keys that are left out keep their defaults.

        Raises:
            UserError: made by `refuse`.
        """
        if not isinstance(data, Mapping):
            raise self._refuse(f"[{where}] must be a table, got {data!r}.", "")
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        hints = typing.get_type_hints(cls)
        values = {}
        for key, value in data.items():
            if key not in known:
                raise self.unknown(str(key), known, where)
            values[key] = self._value(hints[key], value, f"{where}.{key}" if where else key)
        return cls(**values)

    def unknown(self, key: str, known: Iterable[str], where: str) -> UserError:
        """The exception for a key that does not exist."""
        place = f" in [{where}]" if where else ""
        return self._refuse(f"{self._what} has an unknown key '{key}'{place}.", did_you_mean(key, known))

    def _value(self, hint: Any, value: Any, where: str) -> Any:
        if typing.get_origin(hint) in (types.UnionType, typing.Union):
            hint = _alternative(hint, value)
            if hint is types.NoneType:
                return None
        if is_dataclass(hint):
            return self.build(typing.cast(type, hint), value, where)
        if typing.get_origin(hint) is Literal:
            return self._one_of(typing.get_args(hint), value, where)
        if typing.get_origin(hint) is dict:
            return self._table(typing.get_args(hint)[1], value, where)
        if typing.get_origin(hint) is tuple:  # tuple[str, ...] from a list
            if not isinstance(value, list | tuple):
                raise self._refuse(f"'{where}' must be a list, got {value!r}.", "")
            return tuple(self._value(typing.get_args(hint)[0], v, where) for v in value)
        if hint is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if type(value) is not hint:
            raise self._refuse(f"'{where}' must be a {hint.__name__}, got {value!r}.", "")
        return value

    def _one_of(self, allowed: tuple[Any, ...], value: Any, where: str) -> Any:
        if value not in allowed:
            raise self._refuse(f"'{where}' must be one of {', '.join(map(str, allowed))}, got {value!r}.", "")
        return value

    def _table(self, hint: Any, value: Mapping[str, Any], where: str) -> dict[str, Any]:
        return {str(k): self._value(hint, v, f"{where}.{k}") for k, v in value.items()}


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """'Did you mean ...?' with the nearest known name; '' where there is none."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)
    return f"Did you mean '{near[0]}'?" if near else ""


def _alternative(union: Any, value: Any) -> Any:
    """The member of a union that a value is meant for: none, a table, or what is left."""
    members = typing.get_args(union)
    if value is None and types.NoneType in members:
        return types.NoneType
    tables = [m for m in members if is_dataclass(m) or typing.get_origin(m) is dict]
    others = [m for m in members if m not in tables and m is not types.NoneType]
    return (tables or others)[0] if isinstance(value, Mapping) else (others or tables)[0]


def without_none(value: Any) -> Any:
    """Plain data without what is None, as TOML wants it."""
    if isinstance(value, dict):
        return {k: without_none(v) for k, v in value.items() if v is not None}
    return value


def merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`; tables are merged key by key."""
    out = dict(base)
    for key, value in over.items():
        inner = out.get(key)
        out[key] = merged(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else value
    return out
