"""Which keys an action has: those of the table, or those that the person chose. No key means two things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from app.ui.actions import SPECS, Spec

Keys = tuple[str, ...]
RESERVED: Final = ("Left", "Right", "Space", "Backspace", "PgUp", "PgDown", "Home", "End", "Ctrl+Tab", "Shift+Tab")
"""Keys that move between images and panels and are no actions."""


def same(a: str, b: str) -> bool:
    """Whether two texts name one key ('Esc' and 'Escape' do)."""
    return QKeySequence(a) == QKeySequence(b)


class Keymap:
    """The keys of every action.

    `changed` holds only what differs from the table, as it is stored.
    """

    def __init__(self, changed: Mapping[str, Keys] | None = None) -> None:
        known = {spec.name for spec in SPECS}
        self.changed: dict[str, Keys] = {name: keys for name, keys in (changed or {}).items() if name in known}

    def keys(self, name: str) -> Keys:
        """In portable words, e.g. ('Ctrl+Shift+Z', 'Ctrl+Y')."""
        return self.changed.get(name, _spec(name).keys)

    def owner(self, key: str, *, but: str = "") -> str:
        """Which action has this key; 'reserved' for a key that moves between images, '' for none."""
        if any(same(key, taken) for taken in RESERVED):
            return "reserved"
        owners = (s.name for s in SPECS if s.name != but and any(same(key, k) for k in self.keys(s.name)))
        return next(owners, "")

    def give(self, name: str, keys: Keys) -> None:
        """Set the keys of an action; whoever had one of them loses it."""
        for key in keys:
            while loser := self.owner(key, but=name):
                if loser == "reserved":
                    break
                self._store(loser, tuple(k for k in self.keys(loser) if not same(k, key)))
        self._store(name, keys)

    def reset(self, name: str) -> None:
        """The keys of the table again; whoever has taken one of them loses it."""
        self.changed.pop(name, None)
        self.give(name, _spec(name).keys)

    def reset_all(self) -> None:
        """As after the installation."""
        self.changed.clear()

    def _store(self, name: str, keys: Keys) -> None:
        if keys == _spec(name).keys:
            self.changed.pop(name, None)
        else:
            self.changed[name] = keys


def native(keys: Keys) -> str:
    """As the system writes them."""
    return ", ".join(QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in keys)


def title(name: str) -> str:
    """What an action is called in its menu."""
    if name == "reserved":
        return QCoreApplication.translate("keymap", "moving between images")
    return Spec.title(_spec(name))


def _spec(name: str) -> Spec:
    return _BY_NAME[name]


_BY_NAME: Final = {spec.name: spec for spec in SPECS}
