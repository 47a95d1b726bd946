"""What a depth of retraining learns from, what is held out, and what is left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.library.snapshot import Summary
from app.services.training.depths import Depth
from app.ui import words
from app.ui.training import sentences
from app.ui.training.parts import label
from engine.light_run import LEARNED


class FactsView(QWidget):
    """Heading, one line per fact, a note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading, self.note = label("heading"), label("muted")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        titles = {
            "learns": self.tr("Learns from"),
            "val": self.tr("Chooses the best epoch on"),
            "test": self.tr("Judged on, held out"),
            "cal": self.tr("Not used"),
            "labels": self.tr("Labels"),
            "left_out": self.tr("Left out"),
        }
        self.lines: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        for row, (key, title) in enumerate(titles.items()):
            self._titles[key], self.lines[key] = label("muted", title, wrap=False), label("")
            self.lines[key].setAccessibleName(title)
            grid.addWidget(self._titles[key], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.lines[key], row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addLayout(grid)
        column.addWidget(self.note)

    def show_summary(self, summary: Summary, depth: Depth | None) -> None:
        """All lines anew; which splits teach depends on the depth."""
        people = self._people(summary)
        title = self.tr("{0} labelled images of {1} {2}")
        n = words.thousands
        self.heading.setText(title.format(n(summary.labelled), n(summary.groups), people))
        learned = LEARNED.get(depth or "", ("train",))
        self._show("learns", self._count(summary, learned, people))
        self._show("val", "" if "val" in learned else self._count(summary, ("val",), people))
        self._show("test", self._count(summary, ("test",), people))
        spare = summary.by_split.get("cal", 0) > 0 and "cal" not in learned
        self._show("cal", self._count(summary, ("cal",), people) if spare else "")
        self._show("labels", sentences.provenance(summary.provenance))
        self._show("left_out", self._left_out(summary.excluded))
        self.note.setText(self._notes(summary))

    def _show(self, key: str, text: str) -> None:
        self.lines[key].setText(text)
        for part in (self._titles[key], self.lines[key]):
            part.setVisible(bool(text))

    def _count(self, summary: Summary, splits: Iterable[str], people: str) -> str:
        images = sum(n for name, n in summary.by_split.items() if name in splits)
        groups = sum(n for name, n in summary.groups_by_split.items() if name in splits)
        return self.tr("{0} images of {1} {2}").format(words.thousands(images), words.thousands(groups), people)

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
