"""Light, dark and system themes: one set of named colours for the style sheet and for our own painters.

Surfaces are neutral greys, since a coloured surround shifts how bright and how saturated a face looks.
Every text colour keeps a contrast of at least 4.5:1 on the surface it stands on, and what tells a control or a state
one of 3:1 (WCAG 2.2, 1.4.3 and 1.4.11; tests/ui/test_theme.py).
"""

from __future__ import annotations

from dataclasses import dataclass
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


def _style_sheet(t: Theme) -> str:
    arrow = (resources.icons() / f"chevron-{t.name}.svg").as_posix()
    tick = (resources.icons() / f"check-{t.name}.svg").as_posix()
    return f"""
    QMainWindow::separator {{ background: {t.line}; width: 1px; height: 1px; }}
    QToolBar {{ background: {t.window}; border: 0; border-bottom: 1px solid {t.line}; padding: 4px 6px; spacing: 6px; }}
    QMenuBar {{ background: {t.window}; }}
    QStatusBar {{ background: {t.window}; border-top: 1px solid {t.line}; color: {t.muted}; }}
    QStatusBar::item {{ border: 0; }}
    QStatusBar QLabel {{ color: {t.muted}; padding: 0 8px; }}
    QDockWidget {{ titlebar-close-icon: none; }}
    QDockWidget::title {{ background: {t.window}; padding: 6px 10px; border-bottom: 1px solid {t.line}; }}
    QScrollArea, QDockWidget > QWidget {{ background: {t.panel}; border: 0; }}
    QToolTip {{ border: 1px solid {t.line}; padding: 4px; }}
    QFrame[role="line"] {{ background: {t.line}; border: 0; }}
    QFrame[role="banner"] {{ background: {t.raised}; border: 0; border-bottom: 2px solid {t.label}; }}
    QFrame[role="banner"] QLabel {{ font-weight: 600; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QFrame[role="toast"] {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px; }}
    QFrame[role="toast"][warning="true"] {{ border-color: {t.warning}; }}
    QLabel[role="heading"] {{ font-weight: 600; }}
    QLabel[role="heading"]:disabled {{ color: {t.muted}; }}
    QLabel[role="title"] {{ font-size: 17px; font-weight: 600; }}
    QLabel[role="muted"] {{ color: {t.muted}; }}
    QLabel[role="section"] {{ color: {t.muted}; font-weight: 600; padding: 8px 0 0 0; }}
    QLabel[role="score"] {{ font-size: 26px; font-weight: 600; }}
    QLabel[role="label"] {{ font-size: 26px; font-weight: 600; color: {t.label}; }}
    QLabel[role="warning"] {{ color: {t.warning}; }}
    QPushButton, QToolButton {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 5px;
        padding: 5px 10px; min-height: 18px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {t.accent}; }}
    QPushButton:checked, QToolButton:checked {{ background: {t.chosen}; border-color: {t.accent}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: 4px 9px; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {t.muted}; background: {t.window}; }}
    QPushButton[role="primary"] {{ background: {t.accent}; color: {t.accent_text}; border-color: {t.accent};
        font-weight: 600; }}
    QPushButton[role="primary"]:focus {{ border-color: {t.text}; }}
    QPushButton[role="primary"]:disabled {{ background: {t.window}; color: {t.muted}; border-color: {t.line}; }}
    QLineEdit QToolButton {{ background: transparent; border: 0; padding: 0; min-height: 0; }}
    QFileDialog QToolButton {{ padding: 2px; }}
    QToolButton[role="fold"] {{ background: transparent; border-color: transparent; }}
    QToolButton[role="fold"]:focus {{ border-color: {t.accent}; }}
    QPushButton[role="chip"] {{ border-radius: 12px; padding: 3px 12px; color: {t.accent_text}; background: {t.accent};
        border-color: {t.accent}; }}
    QCheckBox::indicator {{ width: 13px; height: 13px; background: {t.raised}; border: 1px solid {t.edge};
        border-radius: 3px; }}
    QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
    QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url({tick}); }}
    QCheckBox::indicator:disabled {{ background: {t.window}; border-color: {t.line}; }}
    QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {t.muted}; border-radius: 7px;
        background: {t.raised}; }}
    QRadioButton::indicator:checked {{ border: 4px solid {t.accent}; width: 6px; height: 6px;
        background: {t.accent_text}; }}
    QRadioButton::indicator:disabled {{ border-color: {t.line}; background: {t.window}; }}
    QRadioButton:focus {{ color: {t.accent}; }}
    QComboBox, QLineEdit {{ background: {t.raised}; border: 1px solid {t.edge};
        border-radius: 5px; padding: 4px 8px; min-height: 18px; }}
    QAbstractSpinBox {{ min-height: 26px; }}
    QAbstractSpinBox QLineEdit {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
    QComboBox:focus, QLineEdit:focus {{ border-color: {t.accent}; }}
    QComboBox {{ padding-right: 22px; }}
    QComboBox::drop-down {{ border: 0; width: 22px; }}
    QComboBox::down-arrow {{ image: url({arrow}); width: 10px; height: 10px; }}
    QListView, QTreeView, QTableView, QPlainTextEdit, QTextBrowser {{ background: {t.panel}; border: 1px solid {t.line};
        border-radius: 4px; alternate-background-color: {t.window}; }}
    QListView:focus, QTreeView:focus, QTableView:focus, QPlainTextEdit:focus, QTextBrowser:focus {{
        border-color: {t.accent}; }}
    QListView::item, QTreeView::item {{ padding: 4px; }}
    QHeaderView::section {{ background: {t.window}; border: 0; border-bottom: 1px solid {t.line}; padding: 5px 8px;
        color: {t.muted}; }}
    QTabBar::tab {{ padding: 6px 14px; border: 0; color: {t.muted}; background: transparent; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.accent}; }}
    QTabBar::tab:selected:focus {{ background: {t.chosen}; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {t.line}; }}
    QProgressBar {{ border: 1px solid {t.line}; border-radius: 4px; background: {t.raised}; text-align: center;
        min-height: 16px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    """
