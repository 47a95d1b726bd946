"""The page of the guide that says of every message what to do: words of the source, and advice from messages.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from scripts.messages import Message, collect

_FILE: Final = Path(__file__).with_name("messages.toml")
_INTRO: Final = (
    "Here you find every message that the program can say about something outside itself, by what it is about, and "
    "what to do. Search the page for the first words of yours; … stands for a name or a number. What is not here is a "
    "fault of the program: please report it.",
    "Where the message itself says what to do, the right column says the same.",
)


@dataclass(frozen=True)
class Area:
    """One part of the page; `modules` are beginnings of paths."""

    title: str
    modules: tuple[str, ...]
    about: str


class Advice:
    """What messages.toml says."""

    def __init__(self, file: Path = _FILE) -> None:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        self.areas = [Area(a["title"], tuple(a["modules"]), a["about"]) for a in data["area"]]
        self.known: dict[str, str] = data["advice"]

    def key_for(self, message: Message) -> str:
        """The longest beginning that fits, '' where there is none."""
        fits = [key for key in self.known if message.text.startswith(key)]
        return max(fits, key=len, default="")

    def remedy(self, message: Message) -> str:
        """The message's own, else what the file says, else ''."""
        return message.remedy or self.known.get(self.key_for(message), "")

    def area(self, message: Message) -> Area | None:
        """By the longest beginning of its module."""
        fits = [(len(start), area) for area in self.areas for start in area.modules if message.module.startswith(start)]
        return max(fits, key=lambda fit: fit[0], default=(0, None))[1]

    def without(self, messages: Sequence[Message]) -> list[Message]:
        """Messages of which nothing says what to do, or where they belong."""
        return [m for m in messages if not self.remedy(m) or self.area(m) is None]

    def unused(self, messages: Sequence[Message]) -> list[str]:
        """Entries that no message needs any more."""
        used = {self.key_for(m) for m in messages if not m.remedy}
        return [key for key in self.known if key not in used]


@lru_cache(maxsize=1)
def all_messages() -> tuple[Message, ...]:
    """Of the present source; read once."""
    return tuple(collect())


def message_page() -> str:
    """All messages by area."""
    advice = Advice()
    parts = [
        "# Messages",
        "<!-- Made by scripts/reference.py from the source and scripts/messages.toml. -->",
        *_INTRO,
    ]
    for area in advice.areas:
        rows = {m.text: advice.remedy(m) for m in all_messages() if advice.area(m) is area}
        if not rows:
            continue
        table = ["| message | what to do |", "| --- | --- |"]
        table += [f"| {_cell(text)} | {_cell(rows[text])} |" for text in sorted(rows, key=_order)]
        parts += [f"## {area.title}", area.about, "\n".join(table)]
    return "\n\n".join(parts) + "\n"


def _order(text: str) -> str:
    return text.lstrip("…'. ").casefold()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
