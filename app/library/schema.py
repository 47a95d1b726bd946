"""The tables of a library, typed. Only portable SQL types, so that a team's library may live in PostgreSQL one day.

Three kinds of tables:

* what is on the disk: `Folder`, `Image`, `Content`;
* what people did: `Rater`, `WorkSession`, `Act` and its events (`Rating`, `Correction`, `FlagEvent`, `NoteEvent`,
  `ImportedLabel`, `Assignment`). Events are only ever appended; the latest one of a key is in force. `Image` carries
  the outcome (effective MOS, flag, note, split, group), written in the same transaction;
* what the machine made: `Model`, `Score`, `Factors`, `Calibrator`, `Run`, `SavedView`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from sqlalchemy import JSON, BigInteger, CheckConstraint, Double, ForeignKey, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

RatingMode = Literal["open", "blind"]
FLAGS: Final = ("pick", "unsure", "reject")
EXCLUDING_FLAGS: Final = ("unsure", "reject")
"""Flags that keep an image out of training."""
REASONS: Final = ("not a face", "unusable", "several faces", "face hidden", "duplicate", "no consent", "other")
"""Why an image was flagged, as stored, exported and searched; anything longer belongs into the note."""

_ID = BigInteger().with_variant(Integer, "sqlite")
_SHA = String(64)
_AT = String(32)
"""UTC, ISO 8601 with milliseconds, as `engine.run.now` writes it: sorts as text."""


class Base(DeclarativeBase):
    """Root of all tables; constraints are named, so that a migration can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Folder(Base):
    """A folder of source images that the curator opened. `path` is absolute, without a trailing separator."""

    __tablename__ = "folder"

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    path: Mapped[str] = mapped_column(Text, unique=True)
    added_at: Mapped[str] = mapped_column(_AT)
    manifest_stamp: Mapped[str | None] = mapped_column(Text)
    """Which `manifest.csv` the images' `manifest_group` was read from; null = read again."""


class Content(Base):
    """Bytes that were read once: two copies of a file share one row."""

    __tablename__ = "content"

    sha256: Mapped[str] = mapped_column(_SHA, primary_key=True)
    size: Mapped[int | None] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    first_read_at: Mapped[str] = mapped_column(_AT)


class Image(Base):
    """A file at (folder, rel_path). It keeps its id when its bytes change; `sha256` is null until they are read.

    `mos .. provenance`, `flag`, `note`, `split` and `group_name` are the outcome of the events, never set on their own.
    """

    __tablename__ = "image"
    __table_args__ = (
        Index("ix_image_folder_path", "folder_id", "rel_path", unique=True),
        Index(None, "sha256"),
        CheckConstraint("mos is null or (mos >= 0 and mos <= 1)", name="mos_range"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    rel_path: Mapped[str] = mapped_column(Text)
    """Under the folder, with `/` on every system."""
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("content.sha256"))
    width: Mapped[int | None]
    """Pixels, upright; also on `content`, here so that the gallery needs no join."""
    height: Mapped[int | None]
    missing: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(Text)
    problem_at: Mapped[str | None] = mapped_column(_AT)

    mos: Mapped[float | None] = mapped_column(Double)
    mos_n: Mapped[int] = mapped_column(default=0)
    """How many ratings are in force; of an imported label, how many its author counted."""
    mos_low: Mapped[float | None] = mapped_column(Double)
    mos_high: Mapped[float | None] = mapped_column(Double)
    provenance: Mapped[str | None] = mapped_column(Text)
    flag: Mapped[str | None] = mapped_column(String(16))
    flag_reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    split: Mapped[str | None] = mapped_column(String(8))
    group_name: Mapped[str | None] = mapped_column(Text)
    manifest_group: Mapped[str | None] = mapped_column(Text)
    """The group that a `manifest.csv` beside or above the image names; `group_name`, set by a person, goes first."""


class Rater(Base):
    """Somebody who labels."""

    __tablename__ = "rater"

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[str] = mapped_column(_AT)


class WorkSession(Base):
    """One sitting of one rater."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    rater_id: Mapped[int] = mapped_column(ForeignKey("rater.id"))
    started_at: Mapped[str] = mapped_column(_AT)
    host: Mapped[str] = mapped_column(Text, default="")


class Act(Base):
    """What a person did once: one key, one batch, one import. `undo` and `redo` are acts too, with a `target`."""

    __tablename__ = "act"
    __table_args__ = (Index(None, "rater_id", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    rater_id: Mapped[int] = mapped_column(ForeignKey("rater.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    at: Mapped[str] = mapped_column(_AT)
    text: Mapped[str] = mapped_column(Text)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("act.seq"))
    target: Mapped[int | None] = mapped_column(ForeignKey("act.seq"))


class Event:
    """Columns that all events share.

    `prior_id` is the event that was in force before (null: none). `origin_id` names the event whose value is in force
    again: null = this one, 0 = none. An undo therefore sees whether somebody else has changed the fact since.
    """

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    act_seq: Mapped[int] = mapped_column(ForeignKey("act.seq"), index=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), index=True)
    prior_id: Mapped[int | None] = mapped_column(_ID)
    origin_id: Mapped[int | None] = mapped_column(_ID)
    sha256: Mapped[str | None] = mapped_column(_SHA)
    """The bytes that were seen; null where they had not been read yet."""


class Rating(Event, Base):
    """One opinion in [0, 1]; the latest of a rater on an image counts, a null value takes it back."""

    __tablename__ = "rating"
    __table_args__ = ({"sqlite_autoincrement": True},)

    rater_id: Mapped[int] = mapped_column(ForeignKey("rater.id"))
    value: Mapped[float | None] = mapped_column(Double)
    mode: Mapped[str] = mapped_column(String(8))


class Correction(Event, Base):
    """Sets the MOS outright. With `label_set_id` it was taken from an imported file, and says so."""

    __tablename__ = "correction"
    __table_args__ = ({"sqlite_autoincrement": True},)

    value: Mapped[float | None] = mapped_column(Double)
    why: Mapped[str] = mapped_column(Text, default="")
    label_set_id: Mapped[int | None] = mapped_column(ForeignKey("label_set.id"))


class FlagEvent(Event, Base):
    """`pick`, `unsure`, `reject` or none, and why (one of `REASONS` or null)."""

    __tablename__ = "flag"
    __table_args__ = ({"sqlite_autoincrement": True},)

    value: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))


class NoteEvent(Event, Base):
    """Free text; null takes it back."""

    __tablename__ = "note"
    __table_args__ = ({"sqlite_autoincrement": True},)

    value: Mapped[str | None] = mapped_column(Text)


class Assignment(Event, Base):
    """A person puts an image into a split or a group (`field`)."""

    __tablename__ = "assignment"
    __table_args__ = ({"sqlite_autoincrement": True},)

    field: Mapped[str] = mapped_column(String(8))
    value: Mapped[str | None] = mapped_column(Text)


class LabelSet(Base):
    """Where imported labels came from, with their scale and the mapping to [0, 1]."""

    __tablename__ = "label_set"

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(String(8), default="mos")
    """`mos`, `pseudo`, `weak`, or `aspect` (one attribute of quality); only `mos` can become an effective MOS."""
    scale_low: Mapped[float] = mapped_column(Double)
    scale_high: Mapped[float] = mapped_column(Double)
    mapping: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[str] = mapped_column(_AT)


class ImportedLabel(Event, Base):
    """An aggregate from a file: `value` already in [0, 1], `sd` on the same scale, `n` opinions behind it."""

    __tablename__ = "imported_label"
    __table_args__ = ({"sqlite_autoincrement": True},)

    label_set_id: Mapped[int] = mapped_column(ForeignKey("label_set.id"))
    value: Mapped[float | None] = mapped_column(Double)
    sd: Mapped[float | None] = mapped_column(Double)
    n: Mapped[int | None]
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Model(Base):
    """A bundle in `models/`; its id is the hash of graph and weights."""

    __tablename__ = "model"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(Text)
    """Under `models/`."""
    checkpoint: Mapped[str | None] = mapped_column(Text)
    arch: Mapped[str] = mapped_column(Text)
    input_size: Mapped[int]
    preprocessing_id: Mapped[str] = mapped_column(Text)
    card: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[str] = mapped_column(_AT)


class Score(Base):
    """The raw network output of one model on one content, never clamped. Clustered by model: read as one range."""

    __tablename__ = "score"
    __table_args__ = ({"sqlite_with_rowid": False},)

    model_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    preprocessing_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("content.sha256"), primary_key=True)
    value: Mapped[float] = mapped_column(Double)


class Factors(Base):
    """What `engine.factors` measured on one content; a new version of the formulas measures anew."""

    __tablename__ = "factor"
    __table_args__ = ({"sqlite_with_rowid": False},)

    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("content.sha256"), primary_key=True)
    sharpness: Mapped[float] = mapped_column(Double)
    exposure: Mapped[float] = mapped_column(Double)
    contrast: Mapped[float] = mapped_column(Double)
    noise: Mapped[float] = mapped_column(Double)
    compression: Mapped[float] = mapped_column(Double)


class Calibrator(Base):
    """A monotone map from raw score to the curators' scale; versioned per model."""

    __tablename__ = "calibrator"
    __table_args__ = (Index("ix_calibrator_model_version", "model_id", "version", unique=True),)

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("model.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[str] = mapped_column(_AT)


class Run(Base):
    """A training run; `directory` is under `runs/` or absolute. Its truth is the run directory, this is the index."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    directory: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    model_before: Mapped[str | None] = mapped_column(String(80))
    model_after: Mapped[str | None] = mapped_column(String(80))
    snapshot: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(_AT)
    finished_at: Mapped[str | None] = mapped_column(_AT)


class SavedView(Base):
    """A filter and a sort order under a name."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    query: Mapped[str] = mapped_column(Text, default="")
    """JSON with the filter and the display scale of its numbers (`app.library.views`)."""
    sort: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[str] = mapped_column(_AT)
