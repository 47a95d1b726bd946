"""Paints one tile: the face, its score as number, bar and word, its MOS, its troubles."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from app.ui import scale, theme, words

CAPTION = 44
"""Height of the text under the picture, in device-independent pixels."""
PADDING = 6
_FADED = 0.45


@dataclass(frozen=True)
class Tile:
    """What one tile shows. `score` and `mos` may be NaN."""

    name: str
    score: float
    mos: float
    provenance: str
    flag: str
    problem: str
    missing: bool
    selected: bool
    current: bool
    matches: bool = True
    """False: edited, so that the filter would hide it; it stays until the next refresh."""
    low: float = math.nan
    high: float = math.nan
    """Interval of a calibrated score; NaN: the score is raw, or its calibrator gives none."""
    extra: str = ""
    """The extra score on show, with its name."""
    raw: float = math.nan
    """What the model said, where `score` is its percentile; NaN: `score` is a quality."""
    reference: str = ""
    """Whose percentile it is."""

    @property
    def is_percentile(self) -> bool:
        """Whether `score` is a place among others and no quality."""
        return not math.isnan(self.raw)

    @property
    def number(self) -> str:
        """The score in figures, on the library's scale; a percentile from 0 to 100."""
        return words.percentile(self.score) if self.is_percentile else scale.current().number(self.score)

    @property
    def word(self) -> str:
        """What stands behind the figures: the ACR word of a quality, 'of 100' of a percentile."""
        return words.tr("of 100") if self.is_percentile else words.quality_word(self.score)


def paint_tile(painter: QPainter, rect: QRect, tile: Tile, picture: QPixmap | None, *, font: QFont) -> None:
    """Paint into `rect` (its background included)."""
    colours = theme.current()
    if not tile.matches:
        painter.setOpacity(_FADED)
    _frame(painter, rect, tile, colours)
    area = rect.adjusted(PADDING, PADDING, -PADDING, -CAPTION)
    if tile.problem or tile.missing:
        _notice(painter, area, tile, colours, font)
    elif picture is not None:
        _picture(painter, area, picture)
    caption = QRect(rect.left() + PADDING + 2, rect.bottom() - CAPTION + 5, rect.width() - 2 * PADDING - 4, CAPTION - 9)
    _caption(painter, caption, tile, colours, font)
    painter.setOpacity(1.0)


def _frame(painter: QPainter, rect: QRect, tile: Tile, colours: theme.Theme) -> None:
    fill = QColor(colours.raised if tile.selected else colours.panel)
    edge = QPen(QColor(colours.accent if tile.selected or tile.current else colours.line))
    edge.setWidthF(2.0 if tile.current else 1.0)
    if not tile.matches:
        edge.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(edge)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 5, 5)


def _picture(painter: QPainter, area: QRect, picture: QPixmap) -> None:
    size = picture.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(area.center())
    painter.drawPixmap(target, picture)


def _notice(painter: QPainter, area: QRect, tile: Tile, colours: theme.Theme, font: QFont) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colours.warning))
    text = words.tr("Missing") if tile.missing else tile.problem
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(6, 6, -6, -6), int(flags), f"⚠ {text}")


def _caption(painter: QPainter, rect: QRect, tile: Tile, colours: theme.Theme, font: QFont) -> None:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    painter.setFont(bold)
    top = QRect(rect.left(), rect.top(), rect.width(), 17)
    painter.setPen(QColor(colours.text))
    painter.drawText(top, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), tile.number)
    used = painter.fontMetrics().horizontalAdvance(tile.number) + 6
    right = _label(painter, top, tile, colours)
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    room = QRect(top.left() + used, top.top(), top.width() - used - right, top.height())
    if painter.fontMetrics().horizontalAdvance(tile.word) <= room.width():
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), tile.word)
    place = QRectF(rect.left(), rect.top() + 18.5, rect.width(), 4)
    # A percentile and a MOS are not of one kind: on one bar they would be compared.
    _bar(painter, place, tile.score, math.nan if tile.is_percentile else tile.mos, colours)
    _interval(painter, place, tile.low, tile.high, colours)
    _last_line(painter, QRect(rect.left(), rect.top() + 23, rect.width(), 14), tile, colours)


def _last_line(painter: QPainter, rect: QRect, tile: Tile, colours: theme.Theme) -> None:
    """The name; at its right the extra score, which goes first where there is room for one only."""
    metrics, middle = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
    room = rect.width()
    if tile.extra:
        painter.setPen(QColor(colours.text))
        extra = metrics.elidedText(tile.extra, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | middle), extra)
        room -= metrics.horizontalAdvance(extra) + 8
    painter.setPen(QColor(colours.muted))
    name = metrics.elidedText(tile.name, Qt.TextElideMode.ElideMiddle, max(0, room))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | middle), name)


def _label(painter: QPainter, top: QRect, tile: Tile, colours: theme.Theme) -> int:
    """The MOS (and a flag) at the right end; returns the width it took."""
    text = f"⚑ {tile.flag} " if tile.flag else ""
    if tile.mos == tile.mos:  # not NaN
        text += f"● {scale.current().number(tile.mos)}"
    if not text:
        return 0
    painter.setPen(QColor(colours.label))
    painter.drawText(top, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
    return painter.fontMetrics().horizontalAdvance(text) + 4


def _interval(painter: QPainter, rect: QRectF, low: float, high: float, colours: theme.Theme) -> None:
    """A thin line with two ends over the bar: 90 % of labels lie between them."""
    if math.isnan(low) or math.isnan(high):
        return
    left, right = (rect.left() + rect.width() * min(1.0, max(0.0, v)) for v in (low, high))
    painter.setPen(QPen(QColor(colours.text), 1))
    middle = rect.center().y()
    painter.drawLine(QPointF(left, middle), QPointF(right, middle))
    for x in (left, right):
        painter.drawLine(QPointF(x, middle - 2.5), QPointF(x, middle + 2.5))


def _bar(painter: QPainter, rect: QRectF, score: float, mos: float, colours: theme.Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.line))
    painter.drawRoundedRect(rect, 2, 2)
    if score == score:
        filled = QRectF(rect)
        filled.setWidth(max(3.0, rect.width() * min(1.0, max(0.0, score))))
        painter.setBrush(colours.grade(score))
        painter.drawRoundedRect(filled, 2, 2)
    if mos == mos:
        x = rect.left() + rect.width() * min(1.0, max(0.0, mos))
        painter.setBrush(QColor(colours.label))
        painter.drawRect(QRectF(x - 1.5, rect.top() - 2.5, 3, rect.height() + 5))
