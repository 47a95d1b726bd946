"""Which images stand first in a sort: asked of the database, so that a large library shows its first screen at once.

To read all columns of 100,000 images takes a second, and nobody looks at more than a screen of them meanwhile. The
order is that of the gallery: images without a value last, equal ones by their ids, images whose file is gone left out.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, text

from app.library import calibrators
from app.library.columns import FACTORS, Columns, calibrated_columns
from app.library.library import Library
from app.library.query import sorting
from engine.factors import VERSION

ROWS: Final = 500
"""More than a screen of the smallest tiles holds, and few enough to be read in one statement."""
_OF_IMAGE: Final = {
    "mos": "mos",
    "ratings": "mos_n",
    "spread": "mos_high - mos_low",
    "date": "mtime_ns",
    "size": "size",
    "pixels": "nullif(width, 0) * nullif(height, 0)",
    "width": "nullif(width, 0)",
    "height": "nullif(height, 0)",
}
_OF_MODEL: Final = "model_id = :model and preprocessing_id = :preprocessing"
_OF_FORMULAS: Final = f"version = {VERSION}"


def first_ids(
    library: Library, *, model_id: str, preprocessing_id: str, sort: str, descending: bool, count: int = ROWS
) -> list[int] | None:
    """The ids of the first images of a sort, in its order.

    Args:
        model_id: whose scores are sorted by; '' for none.
        sort: as the gallery names it.

    Returns:
        At most `count` ids. None where the library has few images, or where the sort is none that can be asked so:
        then all columns are to be read.
    """
    scored = {"model": model_id, "preprocessing": preprocessing_id}
    with library.read() as session:
        connection = session.connection()
        if (connection.execute(text("select count(*) from image")).scalar() or 0) <= 2 * count:
            return None
        if sort in _OF_IMAGE:
            return _by_image(connection, _OF_IMAGE[sort], descending, count)
        if sort in FACTORS:
            return _by_content(connection, ("factor", sort, _OF_FORMULAS), {}, descending, count)
        if sort == "name":
            return _by_name(connection, descending, count)
        if sort in ("score", "difference", "suspect"):
            calibrator = calibrators.active_in(session, model_id)
            if sort == "score" and calibrator is None:
                return _by_content(connection, ("score", "value", _OF_MODEL), scored, descending, count)
            found = _scored(connection, scored, labelled=sort != "score")
            found |= calibrated_columns(found["score"], calibrator)
            return _by_values(connection, Columns.of(found), sort, descending, count)
    return None


def _by_image(connection: Connection, value: str, descending: bool, count: int) -> list[int]:
    order = f"({value}) is null, {value} {_direction(descending)}, id"
    return _ids(connection, f"select id from image where not missing order by {order} limit :count", count=count)


def _by_content(
    connection: Connection, of: tuple[str, str, str], asked: dict[str, Any], descending: bool, count: int
) -> list[int]:
    """By what is known of contents, (table, column, condition). Only contents up to the last value that can be among
    the first are joined with their images: several may share one, and some have none."""
    table, column, condition = of
    order = f"{column} {_direction(descending)}"
    last = f"select {column} from {table} where {condition} order by {order} limit 1 offset :reach"
    found = f"""
        select image.id from {table} join image on image.sha256 = {table}.sha256
        where {condition} and not missing {{only}} order by {order}, image.id limit :count
    """
    reach = count
    while True:
        cut = connection.execute(text(last), {**asked, "reach": reach}).scalar()
        only = "" if cut is None else f"and {column} {'>=' if descending else '<='} :cut"
        values = asked | ({} if cut is None else {"cut": cut})
        ids = _ids(connection, found.format(only=only), count=count, **values)
        if len(ids) >= count or cut is None:
            break
        reach *= 4
    known = f"select sha256 from {table} where {condition}"
    without = f"select id from image where not missing and (sha256 is null or sha256 not in ({known})) order by id"
    return ids + _filled(connection, f"{without} limit :count", count - len(ids), asked)


def _by_name(connection: Connection, descending: bool, count: int) -> list[int]:
    """Python's idea of upper and lower case, as in the gallery, is not the database's."""
    folders = {row[0]: row[1].rstrip(os.sep) for row in connection.execute(text("select id, path from folder"))}
    rows = connection.execute(text("select id, folder_id, rel_path from image where not missing")).all()
    first = heapq.nlargest if descending else heapq.nsmallest
    return [row[0] for row in first(count, rows, key=lambda row: f"{folders[row[1]]}/{row[2]}".casefold())]


def _scored(connection: Connection, scored: dict[str, Any], *, labelled: bool) -> dict[str, Any]:
    """Columns `id`, `mos`, `score` of the images with a score; with `labelled` only of those that have a MOS too."""
    rows = connection.execute(
        text(f"""
            select image.id, mos, value from score join image on image.sha256 = score.sha256
            where {_OF_MODEL} and not missing {"and mos is not null" if labelled else ""} order by image.id
        """),
        scored,
    ).all()
    ids, mos, score = zip(*rows, strict=True) if rows else ((), (), ())
    return {
        "id": np.array(ids, dtype=np.int64),
        "mos": np.array(mos, dtype=np.float32),
        "score": np.array(score, dtype=np.float32),
    }


def _by_values(connection: Connection, columns: Columns, sort: str, descending: bool, count: int) -> list[int]:
    """By what the gallery itself works out; then images without such a value."""
    values = sorting.values(columns, sort)
    keys = -values if descending else values
    order = np.lexsort((columns.id, keys))
    ids: list[int] = columns.id[order[~np.isnan(keys[order])][:count]].tolist()
    if len(ids) == count:
        return ids
    valued = set(columns.id[~np.isnan(keys)].tolist())
    rest = _filled(connection, "select id from image where not missing order by id limit :count", count + len(valued))
    return (ids + [i for i in rest if i not in valued])[:count]


def _filled(connection: Connection, query: str, count: int, asked: dict[str, Any] | None = None) -> list[int]:
    return _ids(connection, query, count=count, **(asked or {})) if count > 0 else []


def _ids(connection: Connection, query: str, **values: Any) -> list[int]:
    found: Sequence[Any] = connection.execute(text(query), values).all()
    return [row[0] for row in found]


def _direction(descending: bool) -> str:
    return "desc" if descending else "asc"
