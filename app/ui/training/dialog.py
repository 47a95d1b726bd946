"""Before a retraining: what it learns from, what is held out, what is left out, how long it takes here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.library.snapshot import Summary
from app.services.retrain_plan import Plan, RecipeChoice
from app.ui import theme, words
from app.ui.training import sentences
from engine.recipes import Recipe

_ORDER: Final = ("finetune", "quick", "paper", "tiny")


class RetrainDialog(QDialog):
    """Facts, the recipe, the measured time, and Start, which says why where it is disabled.

    Signals:
        recipe_chosen(str): another recipe was chosen and can be started; answer with `show_measured`.
        start_requested(str): start this recipe; the dialog closes.
    """

    recipe_chosen = Signal(str)
    start_requested = Signal(str)

    def __init__(self, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self.setWindowTitle(self.tr("Retrain"))
        self.setMinimumWidth(620)
        self.setStyleSheet(_radio_style())
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self.heading = _label("heading")
        column.addWidget(self.heading)
        column.addLayout(self._facts())
        self.note = _label("muted")
        column.addWidget(self.note)
        column.addSpacing(6)
        column.addWidget(_label("heading", self.tr("How to train")))
        self.recipes = QGridLayout()
        self.recipes.setColumnMinimumWidth(0, 22)
        self.recipes.setColumnStretch(1, 1)
        self.recipes.setVerticalSpacing(2)
        column.addLayout(self.recipes)
        column.addLayout(self._time())
        column.addSpacing(8)
        column.addStretch(1)
        column.addLayout(self._foot())
        self._offer(plan.recipes)
        self.set_plan(plan)

    def showEvent(self, event: QShowEvent) -> None:
        """Wrapped labels ask for more height than they need; the layout knows better once the width is fixed."""
        super().showEvent(event)
        self.resize(self.width(), self._column.heightForWidth(self.width()))

    # -- building --------------------------------------------------------------------------------

    def _facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        titles = {
            "train": self.tr("Learns from"),
            "val": self.tr("Chooses the best epoch on"),
            "test": self.tr("Judged on, held out"),
            "cal": self.tr("Kept for calibration"),
            "labels": self.tr("Labels"),
            "left_out": self.tr("Left out"),
        }
        self.facts: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        for row, (key, title) in enumerate(titles.items()):
            self._titles[key], self.facts[key] = _label("muted", title, wrap=False), _label("")
            self.facts[key].setAccessibleName(title)
            grid.addWidget(self._titles[key], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.facts[key], row, 1)
        return grid

    def _time(self) -> QHBoxLayout:
        self.time = _label("")
        self.time.setAccessibleName(self.tr("Time on this machine"))
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setFixedWidth(90)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(self.tr("Measuring"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(_label("muted", self.tr("On this machine"), wrap=False))
        row.addSpacing(8)
        row.addWidget(self.busy)
        row.addWidget(self.time, 1)
        return row

    def _foot(self) -> QGridLayout:
        self.reason = _label("warning")
        self.start = QPushButton(self.tr("Start training"))
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        cancel = QPushButton(self.tr("Not now"))
        cancel.clicked.connect(self.reject)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.addWidget(cancel, 0, 1)
        grid.addWidget(self.start, 0, 2)
        grid.addWidget(self.reason, 1, 0, 1, 3)
        return grid

    def _offer(self, choices: tuple[RecipeChoice, ...]) -> None:
        """One radio button per recipe, the default one first."""
        known = {name: at for at, name in enumerate(_ORDER)}
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        self._texts: dict[str, QLabel] = {}
        for at, choice in enumerate(sorted(choices, key=lambda c: known.get(c.name, len(known)))):
            button = QRadioButton(sentences.recipe_name(choice.name))
            button.toggled.connect(lambda on, name=choice.name: self._chosen(name) if on else None)
            text = _label("muted")
            self._group.addButton(button)
            self._buttons[choice.name], self._texts[choice.name] = button, text
            self.recipes.addWidget(button, 2 * at, 0, 1, 2)
            self.recipes.addWidget(text, 2 * at + 1, 1)

    # -- what the window tells -------------------------------------------------------------------

    @property
    def recipe(self) -> str:
        """The chosen recipe, empty where none can be chosen."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def set_plan(self, plan: Plan) -> None:
        """Labels or images have changed."""
        self._plan = plan
        self._show_summary(plan.summary)
        for choice in plan.recipes:
            if choice.name in self._buttons:
                self._show_choice(choice)
        chosen = self._buttons.get(self.recipe)
        if chosen is None or not chosen.isEnabled():
            first = next((b for b in self._buttons.values() if b.isEnabled()), None)
            if first is not None:
                first.setChecked(True)
        reason = self._reason()
        self.reason.setText(reason or "")
        self.reason.setVisible(reason is not None)
        self.start.setEnabled(reason is None)
        self.start.setToolTip(reason or "")
        if reason is not None:
            self._say_time(self.tr("Measured as soon as a training can be started."))
        elif not self.time.text() or self.time.text().startswith(self.tr("Measured as soon")):
            self.show_measuring()

    def show_measuring(self) -> None:
        """The time is not known yet."""
        self.busy.show()
        self.time.setText(self.tr("measuring a few steps…"))

    def show_measured(self, found: Mapping[str, Any]) -> None:
        """What `engine.train.measure` found for the chosen recipe."""
        parts = []
        if (seconds := found.get("seconds_total")) is not None:
            parts.append(self._duration(float(seconds)))
        if (speed := found.get("images_per_s")) is not None:
            parts.append(self.tr("{0} img/s").format(f"{float(speed):.0f}"))
        if (memory := found.get("memory_mb")) is not None:
            parts.append(self.tr("{0} memory").format(_megabytes(float(memory))))
        if (disk := found.get("disk_mb")) is not None:
            parts.append(self.tr("{0} on disk").format(_megabytes(float(disk))))
        self._say_time(" · ".join(parts))

    def show_measure_failed(self, text: str) -> None:
        """It could not be measured; the training itself may still be started."""
        self._say_time(self.tr("could not be measured: {0}").format(text))

    # -- parts -----------------------------------------------------------------------------------

    def _show_summary(self, summary: Summary) -> None:
        n = words.thousands
        people = self._people(summary)
        title = self.tr("{0} labelled images of {1} {2}")
        self.heading.setText(title.format(n(summary.labelled), n(summary.groups), people))
        for split in ("train", "val", "test", "cal"):
            images, groups = summary.by_split.get(split, 0), summary.groups_by_split.get(split, 0)
            self.facts[split].setText(self.tr("{0} images of {1} {2}").format(n(images), n(groups), people))
        for label in (self._titles["cal"], self.facts["cal"]):
            label.setVisible(summary.by_split.get("cal", 0) > 0)
        self.facts["labels"].setText(sentences.provenance(summary.provenance))
        self.facts["left_out"].setText(self._left_out(summary.excluded))
        self.note.setText(self._notes(summary))
        self.note.setVisible(bool(self.note.text()))

    def _people(self, summary: Summary) -> str:
        known = summary.people_known == summary.labelled
        return self.tr("people") if known else self.tr("groups")

    def _left_out(self, excluded: Mapping[str, int]) -> str:
        names = {
            "no label": self.tr("{0} without a label"),
            "flagged": self.tr("{0} flagged reject or unsure"),
            "problem": self.tr("{0} unreadable"),
            "missing": self.tr("{0} no longer there"),
        }
        parts = [names.get(why, f"{{0}} {why}").format(words.thousands(count)) for why, count in excluded.items()]
        return ", ".join(parts) or self.tr("nothing")

    def _notes(self, summary: Summary) -> str:
        parts = [
            self.tr("All images of one person or group are on one side, so nobody is judged on a face it learned.")
        ]
        unknown = summary.labelled - summary.people_known
        if unknown:
            alone = self.tr("People unknown for {0} images: each stands for its own group.")
            parts.append(alone.format(words.thousands(unknown)))
        if summary.cut == "quota":
            parts.append(self.tr("So few groups are divided by quota: images may change sides as labels are added."))
        return " ".join(parts)

    def _show_choice(self, choice: RecipeChoice) -> None:
        text = choice.reason or sentences.recipe_text(choice.name)
        if choice.name == "finetune" and choice.reason is None and self._plan.baseline is not None:
            text += " " + self.tr("Starts from {0}.").format(self._plan.baseline.name)
        button = self._buttons[choice.name]
        button.setEnabled(choice.reason is None)
        button.setAccessibleDescription(text)
        self._texts[choice.name].setText(text)

    def _reason(self) -> str | None:
        if self._plan.reason_disabled is not None:
            return self._plan.reason_disabled
        return None if self.recipe else self.tr("No recipe can be started: see the reasons above.")

    def _chosen(self, name: str) -> None:
        if self._plan.reason_disabled is None:
            self.show_measuring()
            self.recipe_chosen.emit(name)

    def _duration(self, seconds: float) -> str:
        recipe: Recipe | None = next((c.recipe for c in self._plan.recipes if c.name == self.recipe), None)
        time = words.duration(seconds)
        if recipe is None:
            return self.tr("about {0}").format(time)
        if recipe.teacher is not None:
            return self.tr("about {0} for teacher and student").format(time)
        return self.tr("about {0} for {1} epochs").format(time, recipe.student.training.epochs)

    def _say_time(self, text: str) -> None:
        self.busy.hide()
        self.time.setText(text)

    def _start(self) -> None:
        self.start_requested.emit(self.recipe)
        self.accept()


def _label(role: str, text: str = "", *, wrap: bool = True) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label


def _radio_style() -> str:
    """Rings that are seen on a dark ground too."""
    now = theme.current()
    return f"""
    QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {now.muted}; border-radius: 7px;
        background: {now.raised}; }}
    QRadioButton::indicator:checked {{ border: 4px solid {now.accent}; width: 6px; height: 6px;
        background: {now.accent_text}; }}
    QRadioButton::indicator:disabled {{ border-color: {now.line}; background: {now.window}; }}
    QRadioButton:focus {{ color: {now.accent}; }}
    """


def _megabytes(amount: float) -> str:
    """Two digits are all that an estimate can say."""
    return words.file_size(int(float(f"{amount * 1e6:.2g}"))).replace(".0 ", " ")
