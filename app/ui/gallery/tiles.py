"""What a tile and its tip say of an image; blind, neither scores nor labels."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from app.ui import scale, words
from app.ui.below import told
from app.ui.gallery.delegate import Tile
from app.ui.gallery.model import GalleryModel


def _tr(text: str) -> str:
    return QCoreApplication.translate("tiles", text)


def tile_of(model: GalleryModel, image_id: int, *, blind: bool) -> Tile:
    """An image that the model knows, as its tile shows it."""
    columns, row = model.columns, model.row(image_id)
    return Tile(
        name=str(columns.name[row]),
        score=math.nan if blind else columns.shown_at(row),
        low=math.nan if blind else float(columns.calibrated_low[row]),
        high=math.nan if blind else float(columns.calibrated_high[row]),
        mos=math.nan if blind else float(columns.mos[row]),
        provenance="" if blind else told(str(columns.provenance[row] or "")),
        flag=told(str(columns.flag[row] or "")),
        problem=told(str(columns.problem[row] or "")),
        missing=bool(columns.missing[row]),
        selected=image_id in model.selection,
        current=image_id == model.current,
        matches=image_id not in model.left,
        extra="" if blind or model.extra is None else model.extra.short(float(columns.extra[row])),
        raw=math.nan if blind or math.isnan(float(columns.percentile[row])) else float(columns.score[row]),
        reference=model.reference,
    )


def extra_line(model: GalleryModel, image_id: int, *, blind: bool) -> str:
    """The extra score of an image that the model knows, or why it has none; empty where no extra score is on show."""
    if blind or model.extra is None:
        return ""
    return model.extra.long(image_id, float(model.columns.extra[model.row(image_id)]))


def lines_of(tile: Tile, *, blind: bool) -> list[str]:
    """Name first, then what is known of the quality, for tips and captions."""
    number = scale.current().number
    lines = [tile.name]
    if tile.problem:
        lines.append(tile.problem)
    if tile.is_percentile:
        lines += words.percentile_told(tile.score, tile.reference, tile.raw).splitlines()
    elif not blind:
        lines.append(_tr("Score {0} {1}").format(number(tile.score), words.quality_word(tile.score)))
        if between := words.interval(tile.low, tile.high):
            lines.append(_tr("Calibrated; 90 % of labels lie between {0}").format(between))
    if tile.mos == tile.mos:  # not NaN
        lines.append(_tr("MOS {0} ({1})").format(number(tile.mos), tile.provenance))
    if not tile.matches:
        lines.append(_tr("It no longer matches the filter: it goes with the next refresh."))
    return lines
