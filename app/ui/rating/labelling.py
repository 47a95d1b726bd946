"""Rating keys, nudges, flags, undo: from what is selected to the library."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.services.desk import Desk
from app.ui import words
from app.ui.actions import Actions
from app.ui.below import told
from app.ui.central import Central
from app.ui.gallery.model import GalleryModel
from app.ui.setup.preferences import Preferences

_HALF_STEP: Final = 0.125
"""Half of one ACR category in [0, 1]."""
_NUDGE: Final = 0.05
_FINE: Final = 0.01


class Labelling(QObject):
    """Rating keys, flags, undo: from what is selected to the library.

    Signals:
        said(str): a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: Desk,
        model: GalleryModel,
        preferences: Preferences,
        parent: QObject,
        *,
        sight: Central,
    ) -> None:
        """`sight` tells whether the current image is what the curator sees."""
        super().__init__(parent)
        self._desk, self._model, self._preferences = desk, model, preferences
        self._sight = sight
        self._nudged: dict[int, float] = {}
        self._undo_words: tuple[str | None, str | None] = (None, None)
        model.current_changed.connect(lambda _id: self.forget_nudges())
        for source in (desk.rater_changed, desk.blind_changed):  # what was said is not theirs, or no longer to be seen
            source.connect(lambda _: self.forget_nudges())

    def connect_actions(self, actions: Actions) -> None:
        """Hang the label actions on this."""
        for category in range(1, 6):
            half = min(1.0, words.acr_value(category) + _HALF_STEP)
            for name, mos in ((f"rate_{category}", words.acr_value(category)), (f"half_{category}", half)):
                actions[name].triggered.connect(lambda _=False, mos=mos: self.rate(mos, advance=True))
        for name, by in (("nudge", _NUDGE), ("fine", _FINE)):
            actions[f"{name}_up"].triggered.connect(lambda _=False, by=by: self.nudge(by))
            actions[f"{name}_down"].triggered.connect(lambda _=False, by=by: self.nudge(-by))
        actions["accept"].triggered.connect(self.accept)
        actions["clear_label"].triggered.connect(self.clear)
        actions["undo"].triggered.connect(self._desk.undo)
        actions["redo"].triggered.connect(self._desk.redo)
        for name, flag in (("pick", "pick"), ("reject", "reject"), ("unflag", None)):
            actions[name].triggered.connect(lambda _=False, f=flag: self.flag(f))
        actions["next_unlabelled"].triggered.connect(lambda: self._seek_unlabelled(1))
        actions["previous_unlabelled"].triggered.connect(lambda: self._seek_unlabelled(-1))

    def _seek_unlabelled(self, by: int) -> None:
        if not self._model.step(by, unlabelled=True):
            self.said.emit(self.tr("There is no face without a label in that direction."))

    def rate(self, mos: float, *, advance: bool = False) -> None:
        """Give a MOS to the selection; after a key on a single image go on to the next."""
        targets = self.targets()
        if not targets:
            return
        self._nudged = {targets[0]: mos} if len(targets) == 1 else {}
        self._desk.label(targets, mos, unseen=self._model.blind)
        if advance and len(targets) == 1:
            self._advance()

    def targets(self) -> list[int]:
        """What a key applies to now; says so where that is nothing."""
        targets = self._model.targets()
        if not targets:
            self.said.emit(self.tr("Choose an image first."))
        elif not self._sight.shows_current():
            self.said.emit(self.tr("The image is still loading: nothing was labelled."))
            return []
        return targets

    def _advance(self) -> None:
        if not self._preferences.advance or self._sight.mode == "compare":  # there, the framed face is the champion
            return
        before = self._model.current
        self._model.step(1)
        if self._model.current == before:  # the next key must not replace this label
            self._model.select(set())
            self.said.emit(self.tr("That was the last image."))

    def nudge(self, by: float) -> None:
        """Move the MOS of the current image a little; without one, from the model's score (blind: from the middle)."""
        targets = self.targets()
        if len(targets) != 1:
            return
        columns, row = self._model.columns, self._model.row(targets[0])
        told = self._nudged.get(targets[0])  # what was last said may still be on its way here, and blind it is hidden
        base = told if told is not None else self._starting_point(float(columns.mos[row]), columns.comparable_at(row))
        value = round(min(1.0, max(0.0, base + by)), 4)
        if value == base:
            self.said.emit(self.tr("That is the end of the scale."))
            return
        self._nudged = {targets[0]: value}
        self._desk.label(targets, value, unseen=self._model.blind)

    def _starting_point(self, mos: float, score: float) -> float:
        if self.is_blind or (math.isnan(mos) and math.isnan(score)):
            return 0.5
        return mos if not math.isnan(mos) else min(1.0, max(0.0, score))

    @property
    def is_blind(self) -> bool:
        """Blind mode, or a list whose scores and labels are hidden for a second look."""
        return self._desk.blind or self._model.blind

    def forget_nudges(self) -> None:
        """Another image, an undo, a label taken away: the next nudge starts from what is stored."""
        self._nudged = {}

    def flag(self, flag: str | None) -> None:
        """Set or remove the flag of the selection."""
        self._desk.flag(self.targets(), flag)

    def accept(self) -> None:
        """The model's score of the current image becomes its MOS; never its percentile, even where that is shown."""
        if self.is_blind:
            self.said.emit(self.tr("The score is hidden, so it cannot be accepted: give your own opinion."))
            return
        targets = self.targets()
        if len(targets) != 1:
            if targets:
                self.said.emit(self.tr("Choose one image: each has a score of its own."))
            return
        row = self._model.row(targets[0])
        if math.isnan(float(self._model.columns.score[row])):
            self.said.emit(self.tr("This image has no score yet."))
            return
        value = min(1.0, max(0.0, self._model.columns.comparable_at(row)))
        self._nudged = {targets[0]: value}
        self._desk.label(targets, value)
        self._advance()

    def clear(self) -> None:
        """Take my label from the selection."""
        self.forget_nudges()
        self._desk.clear(self.targets())

    def set_undo_words(self, undo: str | None, redo: str | None) -> None:
        """What undo and redo would do; None: there is nothing."""
        self._undo_words = (undo, redo)

    def show_undo(self, actions: Actions) -> None:
        """Undo and redo say what they would do; blind only whether there is something, for the words tell labels."""
        for name, title, what in zip(
            ("undo", "redo"), (self.tr("Undo"), self.tr("Redo")), self._undo_words, strict=True
        ):
            actions[name].setEnabled(what is not None)
            actions[name].setText(f"{title}: {told(what)}" if what and not self.is_blind else title)
