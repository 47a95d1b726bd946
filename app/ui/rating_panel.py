"""The panel at the right: what the model says, what people said, and the ways to say otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QDateTime, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.library.columns import Columns
from app.ui import theme, words

LabelMode = Literal["correct", "rate"]
_SLIDER_STEPS = 100


@dataclass(frozen=True)
class Facts:
    """What the panel shows of one image; NaN and empty where unknown."""

    name: str
    path: str
    score: float
    mos: float
    mos_low: float
    mos_high: float
    ratings: int
    provenance: str
    width: int
    height: int
    size: int
    mtime_ns: int
    problem: str
    split: str
    group: str
    model: str
    raw: float = math.nan
    calibrated: bool = False
    """Whether `score` is on the curators' scale, and `raw` what the network said."""
    score_low: float = math.nan
    score_high: float = math.nan
    is_hidden: bool = False
    """Whether scores and labels are there and not shown."""

    def hidden(self) -> Facts:
        """Without what others think: scores and labels."""
        nothing = dict.fromkeys(("score", "mos", "mos_low", "mos_high", "raw", "score_low", "score_high"), math.nan)
        return replace(self, ratings=0, provenance="", calibrated=False, is_hidden=True, **nothing)  # type: ignore[arg-type]

    @staticmethod
    def of(columns: Columns, row: int, model: str) -> Facts:
        """One row of the gallery's columns; `model` names what gave the score."""
        return Facts(
            name=str(columns.name[row]),
            path=str(Path(str(columns.path[row])).parent),
            score=float(columns.shown[row]),
            raw=float(columns.score[row]),
            score_low=float(columns.calibrated_low[row]),
            score_high=float(columns.calibrated_high[row]),
            calibrated=not math.isnan(float(columns.calibrated[row])),
            mos=float(columns.mos[row]),
            mos_low=float(columns.mos_low[row]),
            mos_high=float(columns.mos_high[row]),
            ratings=int(columns.n_ratings[row]),
            provenance=columns.provenance[row],
            width=int(columns.width[row]),
            height=int(columns.height[row]),
            size=int(columns.size[row]),
            mtime_ns=int(columns.mtime_ns[row]),
            problem=columns.problem[row],
            split=columns.split[row],
            group=columns.group[row],
            model=model,
        )


class _CalmSlider(QSlider):
    """A slider that the wheel does not move: scrolling the panel must not look like an opinion."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _CalmBox(QDoubleSpinBox):
    """A number that the wheel does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class QualityBar(QWidget):
    """The score as a bar, the MOS as a mark on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score = self._mos = math.nan
        self.setFixedHeight(18)

    def show_values(self, score: float, mos: float) -> None:
        """Both in [0, 1], NaN = none."""
        self._score, self._mos = score, mos
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 5, self.width(), 8)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(bar, 4, 4)
        if not math.isnan(self._score):
            filled = QRectF(bar)
            filled.setWidth(max(8.0, bar.width() * min(1.0, max(0.0, self._score))))
            painter.setBrush(colours.grade(self._score))
            painter.drawRoundedRect(filled, 4, 4)
        if not math.isnan(self._mos):
            painter.setBrush(QColor(colours.label))
            painter.drawRoundedRect(QRectF(self._mos * (self.width() - 4), 0, 4, 18), 2, 2)


class RatingPanel(QWidget):
    """Shows one image's quality and takes the curator's opinion.

    Signals:
        rated(float): a MOS in [0, 1] for the target images.
        cleared: take my label away.
        accepted: the model's score is right.
        mode_changed(str): correct | rate.
        advance_changed(bool): go to the next image after a key.
    """

    rated = Signal(float)
    cleared = Signal()
    accepted = Signal()
    mode_changed = Signal(str)
    advance_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(264)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        self._name = _label("", "heading", wrap=True)
        self._problem = _label("", "warning", wrap=True)
        column.addWidget(self._name)
        column.addWidget(self._problem)
        column.addLayout(self._numbers())
        self._bar = QualityBar()
        column.addWidget(self._bar)
        column.addWidget(_line())
        column.addLayout(self._modes())
        self._targets = _label("", "muted", wrap=True)
        column.addWidget(self._targets)
        column.addLayout(self._categories())
        column.addLayout(self._exact())
        column.addLayout(self._extras())
        column.addWidget(_line())
        self._facts = QFormLayout()
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._facts.setVerticalSpacing(3)
        column.addLayout(self._facts)
        self._fact_labels = {key: self._fact_row(title) for key, title in self._fact_titles().items()}
        column.addStretch(1)
        for button in self.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys away from the images
        self.show_facts(None, 0)

    # -- building ----------------------------------------------------------------------------------

    def _numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        self._score, self._word = _label("–", "score"), _label("", "muted")
        self._mos, self._mos_note = _label("–", "label"), _label("", "muted", wrap=True)
        self._score_title, people = _label(self.tr("Score (model)"), "section"), _label("", "section")
        people.setText(self.tr("MOS (people)"))
        for column, (title, number, note) in enumerate(
            ((self._score_title, self._score, self._word), (people, self._mos, self._mos_note))
        ):
            grid.addWidget(title, 0, column)
            grid.addWidget(number, 1, column)
            grid.addWidget(note, 2, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        return grid

    def _modes(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        self._mode_group = QButtonGroup(self)
        tips = {
            "correct": self.tr("A key sets the MOS outright."),
            "rate": self.tr("A key is one opinion among several; the MOS is their mean."),
        }
        for mode, title in (("correct", self.tr("Correct")), ("rate", self.tr("Rate"))):
            button = QPushButton(title)
            button.setCheckable(True)
            button.setToolTip(tips[mode])
            button.setProperty("mode", mode)
            self._mode_group.addButton(button)
            row.addWidget(button)
        self._mode_group.buttons()[0].setChecked(True)
        self._mode_group.buttonClicked.connect(lambda button: self.mode_changed.emit(button.property("mode")))
        return row

    def _categories(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        self._buttons: list[QPushButton] = []
        for category in range(5, 0, -1):
            button = QPushButton(f"{category}   {words.acr_word(category)}")
            button.setStyleSheet("text-align: left;")
            button.setToolTip(self.tr("Key {0}: MOS {1}").format(category, words.number(words.acr_value(category))))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._category_clicked, category))
            self._buttons.append(button)
            column.addWidget(button)
        return column

    def _category_clicked(self, category: int, _checked: bool = False) -> None:
        self.rated.emit(words.acr_value(category))

    def _exact(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._slider = _CalmSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, _SLIDER_STEPS)
        self._slider.setAccessibleName(self.tr("MOS"))
        self._exact_box = _CalmBox()
        self._exact_box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._exact_box.setRange(0.0, 1.0)
        self._exact_box.setSingleStep(0.01)
        self._exact_box.setDecimals(2)
        self._exact_box.setKeyboardTracking(False)
        self._exact_box.setFixedSize(76, 30)
        self._exact_box.setAccessibleName(self.tr("Exact MOS"))
        self._slider.valueChanged.connect(self._preview)
        self._pressed_at = 0
        self._slider.sliderPressed.connect(self._slider_pressed)
        self._slider.sliderReleased.connect(self._slider_released)
        self._slider.actionTriggered.connect(self._slider_key)
        self._exact_box.editingFinished.connect(self._box_edited)
        self._box_shown = 0.0
        row.addWidget(self._slider, 1)
        row.addWidget(self._exact_box)
        return row

    def _extras(self) -> QVBoxLayout:
        column = QVBoxLayout()
        row = QHBoxLayout()
        self._accept = QPushButton(self.tr("Score is right"))
        self._accept.setToolTip(self.tr("Enter: take the model's score of this image as its MOS."))
        self._clear = QPushButton(self.tr("Clear"))
        self._clear.setToolTip(self.tr("Key 0: take my label away."))
        self._accept.clicked.connect(self.accepted)
        self._clear.clicked.connect(self.cleared)
        row.addWidget(self._accept, 1)
        row.addWidget(self._clear)
        self.advance = QCheckBox(self.tr("Go to the next image after a key"))
        self.advance.setChecked(True)
        self.advance.toggled.connect(self.advance_changed)
        column.addLayout(row)
        column.addWidget(self.advance)
        return column

    def _fact_titles(self) -> dict[str, str]:
        return {
            "pixels": self.tr("Pixels"),
            "size": self.tr("File"),
            "date": self.tr("Changed"),
            "person": self.tr("Person"),
            "split": self.tr("Split"),
            "model": self.tr("Model"),
            "path": self.tr("Folder"),
        }

    def _fact_row(self, title: str) -> QLabel:
        value = _label("", "", wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts.addRow(_label(title, "muted"), value)
        return value

    # -- showing -----------------------------------------------------------------------------------

    @property
    def mode(self) -> LabelMode:
        """Whether a key corrects the MOS or adds a rating."""
        return "correct" if self._mode_group.buttons()[0].isChecked() else "rate"

    def set_mode(self, mode: LabelMode) -> None:
        """Switch without announcing it."""
        self._mode_group.buttons()[0 if mode == "correct" else 1].setChecked(True)

    def show_facts(self, facts: Facts | None, selected: int) -> None:
        """`facts` of the current image (None = none) and how many images an edit would touch."""
        self.setEnabled(facts is not None)
        self._targets.setText(self.tr("Applies to {0} selected images.").format(words.thousands(selected)))
        self._targets.setVisible(selected > 1)
        if facts is None:
            facts = Facts("", "", *(math.nan,) * 4, 0, "", 0, 0, 0, 0, "", "", "", "")
            self._name.setText(self.tr("No image chosen"))
        else:
            self._name.setText(facts.name)
        self._problem.setText(f"⚠ {facts.problem}")
        self._problem.setVisible(bool(facts.problem))
        self._score.setText(words.number(facts.score))
        self._word.setText(self._score_note(facts))
        self._score_title.setText(self.tr("Score (calibrated)") if facts.calibrated else self.tr("Score (model)"))
        self._mos.setText(words.number(facts.mos))
        self._mos_note.setText(self._provenance(facts))
        self._bar.show_values(facts.score, facts.mos)
        self._accept.setEnabled(not math.isnan(facts.score))
        self._clear.setEnabled(not math.isnan(facts.mos))
        self._show_exact(facts)
        self._show_rows(facts)

    def _score_note(self, facts: Facts) -> str:
        """The word; of a calibrated score its interval and the raw one too, so that it is clear which is shown."""
        word = words.quality_word(facts.score)
        if not facts.calibrated:
            return word
        between = words.interval(facts.score_low, facts.score_high)
        raw = self.tr("raw {0}").format(words.number(facts.raw))
        return "\n".join(filter(None, (word, between and self.tr("90 %: {0}").format(between), raw)))

    def _provenance(self, facts: Facts) -> str:
        if facts.is_hidden:
            return self.tr("hidden for a blind look")
        if math.isnan(facts.mos):
            return self.tr("no label yet")
        if facts.ratings > 1 and not math.isnan(facts.mos_low):
            half = (facts.mos_high - facts.mos_low) / 2
            return self.tr("±{0}, {1} ratings").format(words.number(half), facts.ratings)
        return facts.provenance

    def _show_exact(self, facts: Facts) -> None:
        value = facts.mos if not math.isnan(facts.mos) else facts.score
        value = 0.5 if math.isnan(value) else min(1.0, max(0.0, value))
        with QSignalBlocker(self._slider), QSignalBlocker(self._exact_box):
            self._slider.setValue(round(value * _SLIDER_STEPS))
            self._exact_box.setValue(value)
        self._box_shown = self._exact_box.value()

    def _show_rows(self, facts: Facts) -> None:
        date = QDateTime.fromMSecsSinceEpoch(facts.mtime_ns // 1_000_000).toString("yyyy-MM-dd hh:mm")
        values = {
            "pixels": f"{facts.width} × {facts.height}" if facts.width else "",
            "size": words.file_size(facts.size) if facts.size else "",
            "date": date if facts.mtime_ns else "",
            "person": facts.group,
            "split": facts.split,
            "model": facts.model,
            "path": facts.path,
        }
        for key, label in self._fact_labels.items():
            label.setText(values[key])
            self._facts.setRowVisible(label, bool(values[key]))

    # -- exact value -------------------------------------------------------------------------------

    def _preview(self, value: int) -> None:
        with QSignalBlocker(self._exact_box):
            self._exact_box.setValue(value / _SLIDER_STEPS)

    def _slider_pressed(self) -> None:
        self._pressed_at = self._slider.value()

    def _slider_released(self) -> None:
        if self._slider.value() != self._pressed_at:
            self.rated.emit(self._slider.value() / _SLIDER_STEPS)

    def _slider_key(self, action: int) -> None:
        if action != QSlider.SliderAction.SliderMove.value:
            self.rated.emit(self._slider.sliderPosition() / _SLIDER_STEPS)

    def _box_edited(self) -> None:
        # Enter is always meant. When the box merely loses its focus only a changed number is an opinion.
        value = self._exact_box.value()
        if self._exact_box.hasFocus() or value != self._box_shown:
            self._box_shown = value
            self.rated.emit(value)


def _label(text: str, role: str, *, wrap: bool = False) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if wrap:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("role", "line")
    return line
