"""Alembic revisions of the library's tables. They run on opening a library, on the program's own connection."""

from __future__ import annotations

from typing import Final

REVISION: Final = "0002"
"""The revision that `schema` describes. Kept here so that opening an up-to-date library need not load Alembic."""
