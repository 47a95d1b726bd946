"""The gate of a calibration: the map over the held-out labels, what it gains, and the choice to use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import theme, words
from app.ui.training import sentences
from app.ui.training.gate_page import GatePage
from app.ui.training.judgement import Predictions
from engine.calibrate import Calibrator

_MARGIN: Final = 34


class MapView(QWidget):
    """Raw score to the right, quality upwards: the map, its interval as a band, the held-out labels as points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Calibrator | None = None
        self._raw: Any = np.empty(0)
        self._mos: Any = np.empty(0)
        self.setMinimumSize(240, 160)

    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    def show_map(self, found: Calibrator | None, raw: Any, mos: Any) -> None:
        """`raw` and `mos` of the held-out images, [N] each."""
        use = np.isfinite(raw) & np.isfinite(mos)
        self._found, self._raw, self._mos = found, raw[use], mos[use]
        name = self.tr("Map from raw score to quality, over {0} held-out labels")
        self.setAccessibleName(name.format(int(use.sum())))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._found is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(_MARGIN, 8, self.width() - _MARGIN - 8, self.height() - _MARGIN)
        x = np.asarray(self._found.raw)
        low, high = self._range(x)
        grid = np.linspace(low, high, 200)
        at = self._found.apply(grid)

        def place(raw: Any, value: Any) -> list[QPointF]:
            px = area.left() + (np.asarray(raw) - low) / (high - low) * area.width()
            py = area.bottom() - np.asarray(value) * area.height()
            return [QPointF(a, b) for a, b in zip(px.tolist(), py.tolist(), strict=True)]

        self._axes(painter, area, low, high, colours)
        band = QColor(colours.accent)
        band.setAlpha(50)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        painter.drawPolygon(QPolygonF(place(np.r_[grid, grid[::-1]], np.r_[at.high, at.low[::-1]])))
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawPolyline(QPolygonF(place(grid, at.value)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.label))
        for point in place(self._raw, self._mos):
            painter.drawEllipse(point, 3, 3)

    def _range(self, x: Any) -> tuple[float, float]:
        """Where the scores lie, and a little more."""
        seen = self._raw if len(self._raw) else x
        reach = max(float(np.ptp(seen)), 1e-3)
        return float(seen.min()) - 0.1 * reach, float(seen.max()) + 0.1 * reach

    def _axes(self, painter: QPainter, area: QRectF, low: float, high: float, colours: theme.Theme) -> None:
        painter.setPen(QColor(colours.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topLeft())
        painter.setPen(QColor(colours.muted))
        centred = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for value in (0.0, 0.5, 1.0):
            y = area.bottom() - value * area.height()
            painter.drawText(QRectF(0, y - 8, _MARGIN - 6, 16), centred, f"{value:g}")
        under = QRectF(area.left(), area.bottom() + 4, area.width(), 18)
        painter.drawText(under, int(Qt.AlignmentFlag.AlignLeft), words.number(low))
        painter.drawText(under, int(Qt.AlignmentFlag.AlignRight), words.number(high))
        painter.drawText(under, int(Qt.AlignmentFlag.AlignHCenter), self.tr("raw score"))


class CalibrationView(GatePage):
    """Verdict, buttons, map: shall scores be shown through this calibrator? `GatePage` says what it asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_dir = ""
        self.verdict, self.basis = QLabel(), QLabel()
        self.verdict.setProperty("role", "heading")
        self.basis.setProperty("role", "muted")
        for text in (self.verdict, self.basis):
            text.setWordWrap(True)
        self.use = QPushButton(self.tr("Use this calibration"))
        self.keep = QPushButton(self.tr("Leave all as it is"))
        self.use.clicked.connect(self._use)
        self.keep.clicked.connect(self._keep)
        self.map = MapView()
        row = QHBoxLayout()
        row.addWidget(self.verdict, 1)
        row.addWidget(self.keep)
        row.addWidget(self.use)
        parts = QHBoxLayout()
        parts.addWidget(self.map, 3)
        parts.addWidget(self.basis, 2, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addLayout(parts, 1)

    def show_report(self, run_dir: str, report: Mapping[str, Any], found: Calibrator, seen: Predictions | None) -> None:
        """The result of a calibrate run; `seen` holds raw scores as its baseline."""
        self._run_dir = run_dir
        told = report["calibration"]
        gains = float(told["rmse"]) < float(told["rmse_raw"])
        self.verdict.setText(sentences.calibration(told))
        self.basis.setText(self._basis(told))
        self.map.show_map(found, *((seen.baseline, seen.mos) if seen is not None else (np.empty(0), np.empty(0))))
        for button, advised in ((self.use, gains), (self.keep, not gains)):
            button.setEnabled(True)
            button.setProperty("role", "primary" if advised else "")
            button.style().unpolish(button)
            button.style().polish(button)

    def _basis(self, told: Mapping[str, Any]) -> str:
        kinds = {
            "affine": self.tr("a straight line"),
            "logistic": self.tr("a logistic curve"),
            "isotonic": self.tr("steps that never fall"),
        }
        fitted = self.tr("Fitted to {0} labels in {1} groups by {2}; it changes no order.")
        kind = kinds.get(str(told["kind"]), str(told["kind"]))
        lines = [sentences.coverage(told), fitted.format(told["labels"], told["groups"], kind)]
        if int(told["groups"]) < 9:
            lines.append(self.tr("With fewer than nine groups the interval is the whole scale: label more people."))
        return "\n\n".join(lines)

    def _use(self) -> None:
        self.use.setEnabled(False)
        self.keep.setEnabled(False)
        self.use_requested.emit(self._run_dir)

    def _keep(self) -> None:
        self.keep.setEnabled(False)
        self.keep_requested.emit(self._run_dir)
