"""The panel at the right: what the model says, what people said, and the ways to say otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import scale, words
from app.ui.below import told
from app.ui.pieces import label, line
from app.ui.rating.exact_value import ExactValue
from app.ui.rating.facts import Facts
from app.ui.rating.image_facts import ImageFacts
from app.ui.rating.opinions import Opinions
from app.ui.rating.quality_bar import QualityBar

LabelMode = Literal["correct", "rate"]


class RatingPanel(QWidget):
    """Shows one image's quality and takes the curator's opinion.

    Signals:
        rated(float): a MOS in [0, 1] for the target images.
        settled: the person is done with the slider, the number or the word, and back to the images.
        cleared: take my label away.
        accepted: the model's score is right.
        mode_changed(str): correct | rate.
        advance_changed(bool): go to the next image after a key.
    """

    rated = Signal(float)
    settled = Signal()
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
        self._name = label("", "heading", wrap=True)
        self._problem = label("", "warning", wrap=True)
        column.addWidget(self._name)
        column.addWidget(self._problem)
        column.addLayout(self._numbers())
        self._bar = QualityBar()
        column.addWidget(self._bar)
        column.addWidget(line())
        column.addLayout(self._modes())
        self._targets = label("", "muted", wrap=True)
        column.addWidget(self._targets)
        column.addLayout(self._categories())
        self.exact = ExactValue()
        self.exact.chosen.connect(self.rated)
        self.exact.settled.connect(self.settled)
        column.addWidget(self.exact)
        column.addLayout(self._extras())
        column.addWidget(line())
        self.opinions = Opinions()
        column.addWidget(self.opinions)
        column.addWidget(line())
        self.image = ImageFacts()
        column.addWidget(self.image)
        column.addStretch(1)
        for button in self.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys away from the images
        self.show_facts(None, 0)

    # -- building ----------------------------------------------------------------------------------

    def _numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        self._score, self._word = label("–", "score"), label("", "muted")
        self._mos, self._mos_note = label("–", "label"), label("", "muted", wrap=True)
        self._score_title, people = (
            label(self.tr("Score (model)"), "section"),
            label(self.tr("MOS (people)"), "section"),
        )
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
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._category_clicked, category))
            self._buttons.append(button)
            column.addWidget(button)
        return column

    def _category_clicked(self, category: int, _checked: bool = False) -> None:
        self.rated.emit(words.acr_value(category))
        self.settled.emit()

    def _extras(self) -> QVBoxLayout:
        column = QVBoxLayout()
        row = QHBoxLayout()
        self._accept = QPushButton(self.tr("Score is right"))
        self._clear = QPushButton(self.tr("Clear"))
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

    # -- showing -----------------------------------------------------------------------------------

    @property
    def mode(self) -> LabelMode:
        """Whether a key corrects the MOS or adds a rating."""
        return "correct" if self._mode_group.buttons()[0].isChecked() else "rate"

    def show_hints(self, key: Callable[[str], str]) -> None:
        """Tips tell the keys, `key(action)`, and what they do."""
        for category, button in zip(range(5, 0, -1), self._buttons, strict=True):
            value = scale.current().number(words.acr_value(category))
            button.setToolTip(self.tr("Key {0}: MOS {1}").format(key(f"rate_{category}"), value))
        self._accept.setToolTip(self.tr("{0}: take the model's score of this image as its MOS.").format(key("accept")))
        self._clear.setToolTip(self.tr("Key {0}: take my label away.").format(key("clear_label")))
        self.opinions.reject.setToolTip(self.tr("Reject with a reason ({0})").format(key("flag_reason")))
        self.opinions.note.setToolTip(self.tr("Write a note ({0})").format(key("note")))

    def set_mode(self, mode: LabelMode) -> None:
        """Switch without announcing it."""
        self._mode_group.buttons()[0 if mode == "correct" else 1].setChecked(True)

    def show_facts(self, facts: Facts | None, selected: int) -> None:
        """`facts` of the current image (None = none) and how many images an edit would touch."""
        self.setEnabled(facts is not None or selected > 0)
        several = self.tr("Applies to {0} selected images.").format(words.thousands(selected))
        how = self.tr("Click a face, then press a key from 1 to 5, or click a word below.")
        self._targets.setText(several if selected > 1 else how)
        self._targets.setVisible(selected > 1 or (facts is None and not selected))
        self._name.setText(facts.name if facts is not None else self._nameless(selected))
        facts = facts or Facts()
        self._problem.setText(f"⚠ {told(facts.problem)}")
        self._problem.setVisible(bool(facts.problem))
        self._score.setText(self._score_number(facts))
        self._score.setToolTip(
            words.percentile_told(facts.score, facts.reference, facts.raw) if facts.percentile else ""
        )
        self._word.setText(self.tr("hidden") if facts.blind else self._score_note(facts))
        self._score_title.setText(self._score_name(facts))
        self._mos.setText(scale.current().number(facts.mos))
        self._mos_note.setText(self._provenance(facts))
        self._bar.show_values(facts.score, math.nan if facts.percentile else facts.mos)  # not of one kind
        self._accept.setEnabled(not math.isnan(facts.score))
        self._accept.setText(self._accept_words(facts))
        # Blind, even whether there is one is hidden; of several, the others may have one.
        self._clear.setEnabled(facts.blind or selected > 1 or not math.isnan(facts.mos))
        said = facts.raw if facts.percentile else facts.score
        self.exact.show_value(said if math.isnan(facts.mos) else facts.mos)
        self.opinions.show_flag(facts)
        self.image.show_facts(facts)

    def _nameless(self, selected: int) -> str:
        """What stands where a name would, without a current image: Ctrl+A after a filter leaves none."""
        if selected > 1:
            return self.tr("{0} images selected").format(words.thousands(selected))
        return self.tr("1 image selected") if selected else self.tr("No image chosen")

    def _score_number(self, facts: Facts) -> str:
        return words.percentile(facts.score) if facts.percentile else scale.current().number(facts.score)

    def _accept_words(self, facts: Facts) -> str:
        """What becomes the label is said where it is not the number above."""
        if not facts.percentile:
            return self.tr("Score is right")
        return self.tr("{0} is right").format(scale.current().number(min(1.0, max(0.0, facts.raw))))

    def _score_name(self, facts: Facts) -> str:
        if facts.percentile:
            return self.tr("Score (percentile)")
        return self.tr("Score (calibrated)") if facts.calibrated else self.tr("Score (model)")

    def _score_note(self, facts: Facts) -> str:
        """The word; of a calibrated score its interval and the raw one too, so that it is clear which is shown."""
        if facts.percentile:
            return f"{words.tr('of 100')}\n{self.tr('raw {0}').format(scale.current().number(facts.raw))}"
        word = words.quality_word(facts.score)
        if not facts.calibrated:
            return word
        between = words.interval(facts.score_low, facts.score_high)
        raw = self.tr("raw {0}").format(words.number(facts.raw))
        return "\n".join(filter(None, (word, between and self.tr("90 %: {0}").format(between), raw)))

    def _provenance(self, facts: Facts) -> str:
        if facts.blind:
            return self.tr("hidden")
        if math.isnan(facts.mos):
            return self.tr("no label yet")
        if facts.ratings > 1 and not math.isnan(facts.mos_low):
            half = (facts.mos_high - facts.mos_low) / 2
            if 2 * half > 1.0:
                return self.tr("{0} ratings, too few for an interval").format(facts.ratings)
            return self.tr("±{0}, {1} ratings").format(scale.current().width(half), facts.ratings)
        return told(facts.provenance)
