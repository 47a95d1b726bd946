"""Before a retraining: how deep, what it learns from, what is held out and left out, how long it takes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.library.pools import Place
from app.services.training import depths
from app.services.training.depths import Choice, Depth
from app.services.training.retrain_plan import Plan
from app.ui.below import told
from app.ui.training.advanced import RecipeEditor
from app.ui.training.depth_list import DepthList
from app.ui.training.facts import FactsView
from app.ui.training.parts import label
from app.ui.training.pool_chooser import PoolChooser

_WIDTH: Final = 720
_TALLEST: Final = 820


class RetrainDialog(QDialog):
    """Depths with their cost, facts, and Start, which says why where it is disabled.

    Signals:
        choice_changed(object): another `Choice` that can be started; answer with `show_measured`.
        start_requested(object): start this `Choice`; the dialog closes.
        pack_requested(object, str): pack this `Choice` for another machine, images `include` or `by path`; it closes.
        places_wanted: the pools are on show; answer with `set_places`.
    """

    choice_changed = Signal(object)
    start_requested = Signal(object)
    pack_requested = Signal(object, str)
    places_wanted = Signal()

    def __init__(self, plan: Plan, parent: QWidget | None = None, *, busy: bool = False) -> None:
        """`busy`: a training runs, so this one waits for its end."""
        super().__init__(parent)
        self._plan, self._ready, self._told = plan, False, ""
        self.setWindowTitle(self.tr("Retrain"))
        self.facts, self.depths, self.pools, self.advanced = FactsView(), DepthList(), PoolChooser(), RecipeEditor()
        self.pools.hide()
        self.advanced.hide()
        self.more = QToolButton()
        self.more.setText(self.tr("Advanced"))
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(20, 16, 20, 8)
        self._column.setSpacing(8)
        for widget in (self.depths, self.pools, self.more, self.advanced, self._line(), self.facts):
            self._column.addWidget(widget)
        self._column.insertWidget(0, label("heading", self.tr("How deep")))
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(self.tr("Retrain"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area, 1)
        column.addLayout(self._foot(busy))
        self.setMinimumWidth(_WIDTH)
        self.depths.chosen.connect(self._depth_chosen)
        self.pools.changed.connect(self._changed)
        self.advanced.changed.connect(self._changed)
        self.more.toggled.connect(self._unfold)
        self.set_plan(plan)
        self._ready = True
        self._fit()

    def _line(self) -> QFrame:
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("role", "line")
        return line

    def _foot(self, busy: bool) -> QGridLayout:
        self.reason = label("warning")
        self.start = QPushButton(self.tr("Add to the queue") if busy else self.tr("Start"))
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        self.elsewhere = QPushButton(self.tr("For another machine"))
        menu = QMenu(self.elsewhere)
        for text, images in ((self.tr("With the images…"), "include"), (self.tr("Images by path…"), "by path")):
            menu.addAction(text).triggered.connect(lambda _=False, images=images: self._pack(images))
        self.elsewhere.setMenu(menu)
        cancel = QPushButton(self.tr("Not now"))
        cancel.clicked.connect(self.reject)
        note = label("muted", self.tr("A training runs: this one begins when it has ended.") if busy else "")
        grid = QGridLayout()
        grid.setContentsMargins(20, 0, 20, 16)
        grid.setColumnStretch(0, 1)
        grid.addWidget(note, 0, 0)
        for at, button in enumerate((self.elsewhere, cancel, self.start), start=1):
            grid.addWidget(button, 0, at)
        grid.addWidget(self.reason, 1, 0, 1, 4)
        return grid

    # -- what the window tells -------------------------------------------------------------------

    def choice(self) -> Choice | None:
        """What would be started; None where nothing can."""
        depth = self.depths.current
        if depth is None or self.advanced.recipe is None:
            return None
        return Choice(depth, self.advanced.recipe, self.pools.pools if depth == "full" else None)

    def set_plan(self, plan: Plan) -> None:
        """Labels or images have changed."""
        self._plan = plan
        name = plan.baseline.name if plan.baseline else ""
        self.depths.show_choices(plan.depths, depths.recommended(plan.summary, plan.depths), name)
        self._changed()

    def set_places(self, places: Sequence[Place]) -> None:
        """Where images without a label lie."""
        self.pools.set_places(places)
        self._changed()
        self._fit()

    def show_measuring(self, depth: Depth) -> None:
        """The cost of a depth is not known yet."""
        self.depths.show_measuring(depth)

    def show_measured(self, depth: Depth, found: Mapping[str, Any]) -> None:
        """What a depth takes on this machine."""
        self.depths.show_measured(depth, found)

    def show_measure_failed(self, depth: Depth, text: str) -> None:
        """It could not be measured; it may be started all the same."""
        self.depths.show_failed(depth, text)

    # -- what the person does --------------------------------------------------------------------

    def _depth_chosen(self, name: str) -> None:
        depth = next(d for d in depths.DEPTHS if d == name)
        self.pools.setVisible(depth == "full")
        if depth == "full":
            self.places_wanted.emit()
        self.advanced.set_depth(depth)
        self._fit()

    def _changed(self) -> None:
        reason = self._reason()
        not_here = self._not_here() if reason is None else None
        said = reason or not_here
        self.facts.show_summary(self._plan.summary, self.depths.current)
        self.reason.setText(said or "")
        self.reason.setVisible(said is not None)
        self.start.setEnabled(said is None)
        self.elsewhere.setEnabled(reason is None)
        self.start.setToolTip(said or "")
        choice = self.choice() if said is None else None
        if self._ready and choice is not None and repr(choice) != self._told:
            self._told = repr(choice)
            self.choice_changed.emit(choice)

    def _reason(self) -> str | None:
        if self._plan.reason_disabled is not None:
            return told(self._plan.reason_disabled)
        if self.depths.current is None:
            return self.tr("Nothing can be started: see the reasons above.")
        if self.advanced.error:
            return self.tr("The recipe cannot be used: {0}").format(self.advanced.error)
        pools = self.pools.pools
        if self.depths.current == "full" and not pools.by_group and not pools.places:
            return self.tr("Choose at least one folder for pool A or B.")
        return None

    def _not_here(self) -> str | None:
        """Why what is chosen cannot start on this machine, though it can be packed for another."""
        why = next((c.elsewhere for c in self._plan.depths if c.depth == self.depths.current), None)
        if why is None:
            return None
        return self.tr("{0} Pack the run with 'For another machine', and take its result back here.").format(told(why))

    def _unfold(self, on: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.advanced.setVisible(on)
        self._fit()

    def _fit(self) -> None:
        """Wrapped labels ask for more height than they need; the layout knows better once the width is fixed."""
        inside = self._column.heightForWidth(max(self.width(), _WIDTH))
        self.resize(max(self.width(), _WIDTH), min(_TALLEST, inside + 84))

    def _pack(self, images: str) -> None:
        choice = self.choice()
        if choice is not None:
            self.pack_requested.emit(choice, images)
            self.accept()

    def _start(self) -> None:
        choice = self.choice()
        if choice is not None:
            self.start_requested.emit(choice)
            self.accept()
