"""Light, dark and system themes: one set of named colours for the style sheet and for our own painters.

Surfaces are neutral greys, since a coloured surround shifts how bright and how saturated a face looks.
Every text colour keeps a contrast of at least 4.5:1 on the surface it stands on, and what tells a control or a state
one of 3:1 (WCAG 2.2, 1.4.3 and 1.4.11; tests/ui/test_theme.py).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

import resources

Mode = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Theme:
    """Colours by role, as #rrggbb."""

    name: str
    window: str
    panel: str
    raised: str
    canvas: str
    line: str
    """Between parts: it tells nothing."""
    edge: str
    """Round what can be filled in or ticked."""
    text: str
    muted: str
    accent: str
    accent_text: str
    chosen: str
    """Behind what is switched on: of several, the one; solid accent is for the one thing to do next."""
    label: str
    """What people said (MOS)."""
    warning: str
    grades: tuple[str, str, str, str, str]
    """Bars of the five quality words, bad to excellent."""

    def grade(self, value: float) -> QColor:
        """The bar colour of a quality in [0, 1]."""
        return QColor(self.grades[min(4, max(0, round(value * 4)))])


DARK: Final = Theme(
    name="dark",
    window="#232425",
    panel="#2a2b2d",
    raised="#37393b",
    canvas="#1b1c1d",
    line="#45484b",
    edge="#888c90",
    text="#ececec",
    muted="#a9adb1",
    accent="#4c9be8",
    accent_text="#0c1722",
    chosen="#28425b",
    label="#f0b753",
    warning="#ff9d7a",
    grades=("#d9605a", "#de8f4e", "#cdb04c", "#7fb069", "#3fa796"),
)
LIGHT: Final = Theme(
    name="light",
    window="#eeeeee",
    panel="#f7f7f7",
    raised="#ffffff",
    canvas="#dcdcdc",
    line="#c2c4c6",
    edge="#808386",
    text="#1d1e1f",
    muted="#55595d",
    accent="#1b66b3",
    accent_text="#ffffff",
    chosen="#cfe0f2",
    label="#8a5a00",
    warning="#a83a12",
    grades=("#c0392f", "#c26a1b", "#a38411", "#5a8f3e", "#1d8273"),
)

_current: Theme = DARK


def current() -> Theme:
    """The theme in force."""
    return _current


def resolve(mode: Mode) -> Theme:
    """`system` asks the desktop; where it does not say, light."""
    if mode == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if mode == "dark" else LIGHT


def apply(app: QApplication, mode: Mode) -> Theme:
    """Dress the whole program; widgets that paint themselves read `current()` at each paint."""
    global _current
    _current = resolve(mode)
    sheet = _style_sheet(_current)
    if app.styleSheet() != sheet:  # dressing anew visits every widget there is
        app.setStyle("Fusion")
        app.setPalette(_palette(_current))
        app.setStyleSheet(sheet)
    return _current


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for key, colour in {
        role.Window: theme.window,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Button: theme.raised,
        role.ToolTipBase: theme.raised,
        role.WindowText: theme.text,
        role.Text: theme.text,
        role.ButtonText: theme.text,
        role.ToolTipText: theme.text,
        role.BrightText: theme.warning,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Link: theme.accent,
        role.Mid: theme.line,
        role.Light: theme.raised,
        role.Midlight: theme.line,
        role.Dark: theme.canvas,
        role.Shadow: theme.canvas,
    }.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(theme.muted)
        faded.setAlpha(140)
        palette.setColor(QPalette.ColorGroup.Disabled, key, faded)
    return palette


def _style_sheet(theme: Theme) -> str:
    sheet = Template(resources.style_sheet().read_text(encoding="utf-8"))
    icons = {"arrow": f"chevron-{theme.name}.svg", "tick": f"check-{theme.name}.svg"}
    paths = {name: (resources.icons() / file).as_posix() for name, file in icons.items()}
    return sheet.substitute(asdict(theme), **paths)
