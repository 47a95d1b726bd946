"""What the window remembers between starts. Labels are never here: they live in the library."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from PySide6.QtCore import QByteArray, QSettings

from app.ui.gallery.filtering import SORTS, Query
from app.ui.theme import Mode

_LAYOUT_VERSION: Final = 1
_RECENT: Final = 10


class Preferences:
    """A thin, typed cover of QSettings (an ini file under FIQA_HOME where that is set)."""

    def __init__(self) -> None:
        home = os.environ.get("FIQA_HOME")
        if home:
            self._settings = QSettings(str(Path(home) / "window.ini"), QSettings.Format.IniFormat)
        else:
            self._settings = QSettings("fiqa-desktop", "fiqa-desktop")

    @property
    def rater(self) -> str:
        """Who labels; empty before the first start."""
        return str(self._settings.value("rater", ""))

    @rater.setter
    def rater(self, name: str) -> None:
        self._settings.setValue("rater", name)

    @property
    def theme(self) -> Mode:
        """system, light or dark."""
        mode = str(self._settings.value("theme", "system"))
        return cast(Mode, mode if mode in ("system", "light", "dark") else "system")

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._settings.setValue("theme", mode)

    @property
    def language(self) -> str:
        """`system`, or the code of a language."""
        return str(self._settings.value("language", "system"))

    @language.setter
    def language(self, code: str) -> None:
        self._settings.setValue("language", code)

    @property
    def tile_side(self) -> int:
        """Pixels."""
        return int(str(self._settings.value("tile_side", 168)))

    @tile_side.setter
    def tile_side(self, side: int) -> None:
        self._settings.setValue("tile_side", side)

    @property
    def advance(self) -> bool:
        """Whether a rating key goes on to the next image."""
        return str(self._settings.value("advance", "true")) == "true"

    @advance.setter
    def advance(self, on: bool) -> None:
        self._settings.setValue("advance", "true" if on else "false")

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """Keys that differ from the table of actions, by action."""
        try:
            stored = json.loads(str(self._settings.value("keys", "{}")))
            return {str(name): tuple(str(key) for key in keys) for name, keys in stored.items()}
        except (ValueError, AttributeError, TypeError):
            return {}  # a file that somebody has edited by hand: the keys of the table

    @keys.setter
    def keys(self, changed: Mapping[str, tuple[str, ...]]) -> None:
        self._settings.setValue("keys", json.dumps(changed))

    @property
    def recent(self) -> list[Path]:
        """Libraries that were open, the latest first."""
        stored = self._settings.value("recent", [])
        return [Path(str(path)) for path in ([stored] if isinstance(stored, str) else cast(list[Any], stored or []))]

    @recent.setter
    def recent(self, libraries: Sequence[Path]) -> None:
        self._settings.setValue("recent", [str(path) for path in dict.fromkeys(libraries)][:_RECENT])

    @property
    def suggest(self) -> bool:
        """Whether a retraining is suggested after many new labels; off at first."""
        return str(self._settings.value("suggest", "false")) == "true"

    @suggest.setter
    def suggest(self, on: bool) -> None:
        self._settings.setValue("suggest", "true" if on else "false")

    @property
    def extra(self) -> str:
        """Model id of the extra score on show; empty for none."""
        return str(self._settings.value("extra", ""))

    @extra.setter
    def extra(self, model_id: str) -> None:
        self._settings.setValue("extra", model_id)

    @property
    def query(self) -> Query:
        """The sort of last time; filters start open so that nothing is hidden unasked."""
        key = str(self._settings.value("sort", "score"))
        down = str(self._settings.value("descending", "true")) == "true"
        return Query(sort=key if key in SORTS else "score", descending=down)

    def save_query(self, query: Query) -> None:
        """Remember the sort; a random one belongs to blind rating, which ends with the window."""
        if query.sort not in SORTS:
            return
        self._settings.setValue("sort", query.sort)
        self._settings.setValue("descending", "true" if query.descending else "false")

    def save_layout(self, geometry: QByteArray, state: QByteArray) -> None:
        """Where the window and its docks are."""
        self._settings.setValue(f"geometry{_LAYOUT_VERSION}", geometry)
        self._settings.setValue(f"state{_LAYOUT_VERSION}", state)

    def layout(self) -> tuple[QByteArray, QByteArray]:
        """Empty arrays where nothing was saved."""
        geometry = self._settings.value(f"geometry{_LAYOUT_VERSION}", QByteArray())
        state = self._settings.value(f"state{_LAYOUT_VERSION}", QByteArray())
        empty = QByteArray()
        return (
            geometry if isinstance(geometry, QByteArray) else empty,
            state if isinstance(state, QByteArray) else empty,
        )

    def import_profile(self, key: str) -> dict[str, str]:
        """How a table with these columns was read last time; empty for one not seen before."""
        try:
            found = json.loads(str(self._settings.value(f"import/{key}", "{}")))
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def save_import_profile(self, key: str, profile: dict[str, str]) -> None:
        """Remember how a table with these columns is read."""
        self._settings.setValue(f"import/{key}", json.dumps(profile))

    def all_settings(self) -> dict[str, str]:
        """Everything that is remembered, as text, but for where windows and panels are."""
        keys = [key for key in self._settings.allKeys() if not key.startswith(("geometry", "state"))]
        return {key: str(self._settings.value(key)) for key in sorted(keys)}

    def sync(self) -> None:
        """Write now."""
        self._settings.sync()
