"""Every action of the window with its words, its keys and its menu, in one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.ui import words
from app.ui.language import marked

Scope = Literal["window", "images"]
"""`images`: the key acts only while the grid or the loupe has the focus, never in a text field."""


@dataclass(frozen=True)
class Spec:
    """One line of the table."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    scope: Scope = "window"
    checkable: bool = False
    separator: bool = False

    def title(self) -> str:
        """Its words, translated."""
        kind, _, number = self.name.rpartition("_")
        if kind == "rate":
            return f"{number}  {words.acr_word(int(number))}"
        return QCoreApplication.translate("actions", self.text)

    def meaning(self) -> str:
        """Its words beside its key, which is the number itself where it rates."""
        kind, _, number = self.name.rpartition("_")
        return words.acr_word(int(number)) if kind == "rate" else self.title()


def _t(text: str) -> str:
    """Mark for translation; translated when the action is built."""
    return marked("actions", text)


MENUS: Final = {
    "file": _t("&File"),
    "edit": _t("&Edit"),
    "label": _t("&Label"),
    "view": _t("&View"),
    "model": _t("&Model"),
    "help": _t("&Help"),
}

SPECS: Final[tuple[Spec, ...]] = (
    Spec("open_folder", "file", _t("Open folder…"), ("Ctrl+O",)),
    Spec("open_library", "file", _t("Open library…"), ("Ctrl+Shift+O",)),
    Spec("recent", "file", _t("Open recent")),
    Spec("rescan", "file", _t("Rescan folders"), ("F5",)),
    Spec("import_labels", "file", _t("Import labels…"), ("Ctrl+I",), separator=True),
    Spec("export_labels", "file", _t("Export labels…"), ("Ctrl+E",)),
    Spec("backups", "file", _t("Restore a backup…"), separator=True),
    Spec("forget", "file", _t("Forget images…")),
    Spec("forget_person", "file", _t("Forget person…")),
    Spec("rater", "file", _t("Change rater…"), separator=True),
    Spec("preferences", "file", _t("Preferences…"), ("Ctrl+,",)),
    Spec("quit", "file", _t("Quit"), ("Ctrl+Q",), separator=True),
    Spec("undo", "edit", _t("Undo"), ("Ctrl+Z",)),
    Spec("redo", "edit", _t("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y")),
    Spec("select_all", "edit", _t("Select all"), ("Ctrl+A",), "images", separator=True),
    Spec("clear_filters", "edit", _t("Back, or clear filters"), ("Esc",), "images"),
    Spec("find", "edit", _t("Filter"), ("Ctrl+F",)),
    Spec("save_view", "edit", _t("Save this view…"), ("Ctrl+Shift+S",)),
    *(Spec(f"rate_{k}", "label", f"{k}", (f"{k}",), "images") for k in range(1, 6)),
    *(
        Spec(f"half_{k}", "label", half, (f"Shift+{k}",), "images")
        for k, half in enumerate((_t("1½"), _t("2½"), _t("3½"), _t("4½"), _t("5, the top")), start=1)
    ),
    Spec("nudge_up", "label", _t("A little better"), ("Up",), "images", separator=True),
    Spec("nudge_down", "label", _t("A little worse"), ("Down",), "images"),
    Spec("fine_up", "label", _t("A trace better"), ("Alt+Up",), "images"),
    Spec("fine_down", "label", _t("A trace worse"), ("Alt+Down",), "images"),
    Spec("accept", "label", _t("The score is right"), ("Return", "Enter"), "images", separator=True),
    Spec("clear_label", "label", _t("Clear my label"), ("0",), "images"),
    Spec("pick", "label", _t("Pick"), ("P",), "images", separator=True),
    Spec("reject", "label", _t("Reject"), ("X",), "images"),
    Spec("flag_reason", "label", _t("Reject with a reason…"), ("Shift+X",), "images"),
    Spec("unflag", "label", _t("Remove the flag"), ("U",), "images"),
    Spec("note", "label", _t("Note…"), ("N",), "images"),
    Spec("next_unlabelled", "label", _t("Next unlabelled"), ("Ctrl+D", "Ctrl+J"), "images", separator=True),
    Spec("previous_unlabelled", "label", _t("Previous unlabelled"), ("Ctrl+Shift+D",), "images"),
    Spec("suspects", "label", _t("Suspect labels"), separator=True),
    Spec("label_next", "label", _t("Label next")),
    Spec("mode_correct", "label", _t("Correct mode"), ("Ctrl+1",), checkable=True, separator=True),
    Spec("mode_rate", "label", _t("Rate mode"), ("Ctrl+2",), checkable=True),
    Spec("blind", "label", _t("Blind mode"), ("Ctrl+B",), checkable=True),
    Spec("grid", "view", _t("Grid"), ("G",), "images"),
    Spec("loupe", "view", _t("Loupe"), ("E",), "images"),
    Spec("compare", "view", _t("Compare two"), ("C",), "images"),
    Spec("compare_side", "view", _t("Compare side by side"), ("H",), "images", checkable=True, separator=True),
    Spec("compare_stack", "view", _t("Compare one above the other"), ("V",), "images", checkable=True),
    Spec("compare_single", "view", _t("Only the framed face"), ("O",), "images", checkable=True),
    Spec("compare_link", "view", _t("Zoom and move both together"), ("L",), "images", checkable=True),
    Spec("zoom_toggle", "view", _t("100 % or fit"), ("Z",), "images", separator=True),
    Spec("zoom_in", "view", _t("Larger"), ("Ctrl++", "Ctrl+=")),
    Spec("zoom_out", "view", _t("Smaller"), ("Ctrl+-",)),
    Spec("zoom_fit", "view", _t("Fit"), ("Ctrl+0",)),
    Spec("resort", "view", _t("Sort again"), ("Ctrl+R",), separator=True),
    Spec("history", "view", _t("History of the image"), ("Ctrl+H",), separator=True),
    Spec("next_part", "view", _t("To the next part of the window"), ("F6",)),
    Spec("panels", "view", _t("Show or hide panels"), ("Tab",), "images"),
    Spec("full_screen", "view", _t("Full screen"), ("F11",)),
    Spec("reset_layout", "view", _t("Reset the layout")),
    Spec("theme_system", "view", _t("System theme"), checkable=True, separator=True),
    Spec("theme_light", "view", _t("Light theme"), checkable=True),
    Spec("theme_dark", "view", _t("Dark theme"), checkable=True),
    Spec("retrain", "model", _t("Retrain…"), ("Ctrl+T",)),
    Spec("take_back", "model", _t("Take a result back…")),
    Spec("suggest", "model", _t("Suggest retraining after 200 new labels"), checkable=True),
    Spec("calibrated", "model", _t("Show calibrated scores"), checkable=True, separator=True),
    Spec("reference", "model", _t("Show scores as percentiles of the model's reference set"), checkable=True),
    Spec("percentiles", "model", _t("Show scores as percentiles of this library"), checkable=True),
    Spec("calibrator_file", "model", _t("Use a calibrator file…")),
    Spec("models", "model", _t("Models"), ("Ctrl+M",)),
    Spec("add_model", "model", _t("Add a model…")),
    Spec("comparison", "model", _t("Comparison of systems…")),
    Spec("pause_scoring", "model", _t("Pause scoring"), checkable=True, separator=True),
    Spec("keys", "help", _t("Keys"), ("F1", "?")),
    Spec("diagnostics", "help", _t("Save diagnostics…"), separator=True),
    Spec("about", "help", _t("About FIQA Desktop")),
)


_ONE_OF: Final = (
    ("mode_correct", "mode_rate"),
    ("compare_side", "compare_stack", "compare_single"),
    ("theme_system", "theme_light", "theme_dark"),
)
"""Of each of these one is always on."""

_MOVING: Final = _t("Moving about")
_MOVES: Final = (
    (("Left", "Right"), _t("The face before, the next face")),
    (("Up", "Down"), _t("In the grid: a row up, a row down")),
    (("PgUp", "PgDown"), _t("In the grid: a page up, a page down")),
    (("Home", "End"), _t("In the grid: the first face, the last one")),
    (("Space", "Backspace"), _t("When large: the next face, the one before")),
    (("Ctrl+Tab",), _t("The next panel below")),
)
"""Keys of the views themselves: no actions, and not to be changed."""


def _native(keys: tuple[str, ...]) -> str:
    """As the system writes them."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def plain(title: str) -> str:
    """The title of a menu where no letter of it is a key: '&File' -> 'File', '文件(&F)' -> '文件'."""
    return re.sub(r"\(&\w\)|&", "", QCoreApplication.translate("actions", title))


class Actions(QObject):
    """Builds the actions of `SPECS` and hangs them into menus.

    `self[name]` is a QAction. Actions of scope `images` are added to the widgets given, with a shortcut
    that acts only there.
    """

    def __init__(self, window: QWidget, images: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for spec in SPECS:
            action = QAction(spec.title(), self)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            action.setAutoRepeat(spec.menu not in ("label", "edit"))  # a key held down must not label a row of faces
            action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
            inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
            action.setShortcutContext(inside if spec.scope == "images" else Qt.ShortcutContext.WindowShortcut)
            (images if spec.scope == "images" else window).addAction(action)
            self._actions[spec.name] = action
        for names in _ONE_OF:
            group = QActionGroup(self)  # drawn as a choice of one, not as so many ticks
            for name in names:
                group.addAction(self._actions[name])

    def set_keys(self, keys: Callable[[str], tuple[str, ...]]) -> None:
        """Give every action the keys that the person wants, `keys(name)`."""
        for name, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in keys(name)])

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Menus in the order of `MENUS`; returns them by name."""
        menus: dict[str, QMenu] = {}
        for name, title in MENUS.items():
            menu = bar.addMenu(QCoreApplication.translate("actions", title))
            menu.setObjectName(f"menu_{name}")
            for spec in SPECS:
                if spec.menu == name:
                    if spec.separator:
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.name])
            menus[name] = menu
        return menus

    def hint(self, name: str) -> str:
        """The first key of an action as the system writes it, for tips on buttons; '' where it has none."""
        keys = self._actions[name].shortcuts()
        return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def cheat_sheet(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Per menu: its title, and (keys, what they do) of every action there that has keys; and how to move about."""
        native = QKeySequence.SequenceFormat.NativeText
        sheet = []
        for menu, title in MENUS.items():
            rows = [
                (", ".join(k.toString(native) for k in self._actions[spec.name].shortcuts()), spec.meaning())
                for spec in SPECS
                if spec.menu == menu and self._actions[spec.name].shortcuts()
            ]
            sheet.append((plain(title), rows))
        moves = [(_native(keys), QCoreApplication.translate("actions", text)) for keys, text in _MOVES]
        sheet.insert(2, (QCoreApplication.translate("actions", _MOVING), moves))  # where the page has room
        return sheet
