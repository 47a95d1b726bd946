"""Brings a library's tables to the present revision, inside the transaction that the caller owns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from app.library.errors import LibraryError
from app.library.migrations import REVISION
from app.library.schema import Base

if TYPE_CHECKING:
    from alembic.config import Config

OLDEST = "0001"
TABLES = frozenset({"folder", "image", "act", "rater"})
"""By these a database of ours is known, of whatever revision."""
_VERSIONS = "alembic_version"


def present_revision(connection: Connection) -> str | None:
    """The revision that a database records; None for an empty one.

    Tables without a record are taken for the oldest revision if they are ours.

    Raises:
        LibraryError: the database belongs to another program.
    """
    tables = set(inspect(connection).get_table_names())
    if _VERSIONS in tables:
        stamped = connection.execute(text(f"select version_num from {_VERSIONS}")).scalars().all()
        if stamped:
            return str(stamped[0])
    if not tables - {_VERSIONS}:
        return None
    if tables >= TABLES:
        return OLDEST
    raise LibraryError(
        "The database in this folder was not made by this program.", "Choose another folder for the library."
    )


def is_recorded(connection: Connection) -> bool:
    """Whether the database says which revision it is."""
    return inspect(connection).has_table(_VERSIONS)


def check_known(revision: str | None) -> None:
    """Refuse a database that a newer program has written, or that is empty.

    Raises:
        LibraryError: this program does not know the revision.
    """
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config(None))
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise LibraryError(
            f"The library was written by a newer version of this program (its revision is {revision}, "
            f"this program knows up to {REVISION}).",
            "Update the program, or restore a backup from before.",
        )


def bring_up_to_date(connection: Connection) -> None:
    """Create all tables, or run the missing revisions; the caller commits, together with the record of it."""
    from alembic import command

    config = alembic_config(connection)
    revision = present_revision(connection)
    if revision is None:
        Base.metadata.create_all(connection)
        command.stamp(config, "head")
        return
    if not is_recorded(connection):
        command.stamp(config, revision)
    command.upgrade(config, "head")


def alembic_config(connection: Connection | None) -> Config:
    """Alembic's settings without an ini file; the scripts lie beside this module, in a frozen program too."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
