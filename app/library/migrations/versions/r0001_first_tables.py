"""The first tables of a library.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table; the order follows the references between them."""
    _contents()
    _images()
    _people()
    _acts()
    _label_sets()
    _models()
    _scores()
    _views()
    _events()


def _contents() -> None:
    """Bytes that were read, and the folders that are looked at."""
    op.create_table(
        "content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("first_read_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_content")),
    )
    op.create_table(
        "folder",
        sa.Column("id", ID, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("added_at", sa.String(length=32), nullable=False),
        sa.Column("manifest_stamp", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder")),
        sa.UniqueConstraint("path", name=op.f("uq_folder_path")),
    )


def _images() -> None:
    """The files of the folders."""
    op.create_table(
        "image",
        sa.Column("id", ID, nullable=False),
        sa.Column("folder_id", ID, nullable=False),
        sa.Column("rel_path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_at", sa.String(length=32), nullable=True),
        sa.Column("mos", sa.Double(), nullable=True),
        sa.Column("mos_n", sa.Integer(), nullable=False),
        sa.Column("mos_low", sa.Double(), nullable=True),
        sa.Column("mos_high", sa.Double(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=True),
        sa.Column("flag", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("split", sa.String(length=8), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("manifest_group", sa.Text(), nullable=True),
        sa.CheckConstraint("mos is null or (mos >= 0 and mos <= 1)", name=op.f("ck_image_mos_range")),
        sa.ForeignKeyConstraint(["folder_id"], ["folder.id"], name=op.f("fk_image_folder_id_folder")),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_image_sha256_content")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_image_folder_path", "image", ["folder_id", "rel_path"], unique=True)
    op.create_index(op.f("ix_image_sha256"), "image", ["sha256"], unique=False)


def _people() -> None:
    """Who labels, and when they sat down."""
    op.create_table(
        "rater",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rater")),
        sa.UniqueConstraint("name", name=op.f("uq_rater_name")),
    )
    op.create_table(
        "session",
        sa.Column("id", ID, nullable=False),
        sa.Column("rater_id", ID, nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_session_rater_id_rater")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )


def _acts() -> None:
    """What was done."""
    op.create_table(
        "act",
        sa.Column("seq", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rater_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("undone_by", ID, nullable=True),
        sa.Column("target", ID, nullable=True),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_act_rater_id_rater")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_act_session_id_session")),
        sa.ForeignKeyConstraint(["target"], ["act.seq"], name=op.f("fk_act_target_act")),
        sa.ForeignKeyConstraint(["undone_by"], ["act.seq"], name=op.f("fk_act_undone_by_act")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_act")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_act_rater_id_seq"), "act", ["rater_id", "seq"], unique=False)


def _label_sets() -> None:
    """Where imported labels came from."""
    op.create_table(
        "label_set",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("scale_low", sa.Double(), nullable=False),
        sa.Column("scale_high", sa.Double(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_set")),
        sa.UniqueConstraint("name", name=op.f("uq_label_set_name")),
    )


def _models() -> None:
    """Trainings, and the models that came out of them."""
    op.create_table(
        "run",
        sa.Column("id", ID, nullable=False),
        sa.Column("directory", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("model_before", sa.String(length=80), nullable=True),
        sa.Column("model_after", sa.String(length=80), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("finished_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("directory", name=op.f("uq_run_directory")),
    )
    op.create_table(
        "model",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("arch", sa.Text(), nullable=False),
        sa.Column("input_size", sa.Integer(), nullable=False),
        sa.Column("preprocessing_id", sa.Text(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_model_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
    )


def _scores() -> None:
    """What the models said, and the maps to the curators' scale."""
    op.create_table(
        "score",
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("preprocessing_id", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_score_sha256_content")),
        sa.PrimaryKeyConstraint("model_id", "preprocessing_id", "sha256", name=op.f("pk_score")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "calibrator",
        sa.Column("id", ID, nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_calibrator_model_id_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrator")),
    )
    op.create_index("ix_calibrator_model_version", "calibrator", ["model_id", "version"], unique=True)


def _views() -> None:
    """Filters under a name."""
    op.create_table(
        "saved_view",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_view_name")),
    )


def _events() -> None:
    """What hangs on the acts."""
    _event_table(
        "rating",
        sa.Column("rater_id", ID, sa.ForeignKey("rater.id", name="fk_rating_rater_id_rater"), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("mode", sa.String(8), nullable=False),
    )
    _event_table(
        "correction",
        sa.Column("value", sa.Double()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("label_set_id", ID, sa.ForeignKey("label_set.id", name="fk_correction_label_set_id_label_set")),
    )
    _event_table("flag", sa.Column("value", sa.String(16)))
    _event_table("note", sa.Column("value", sa.Text()))
    _event_table("assignment", sa.Column("field", sa.String(8), nullable=False), sa.Column("value", sa.Text()))
    _event_table(
        "imported_label",
        sa.Column(
            "label_set_id",
            ID,
            sa.ForeignKey("label_set.id", name="fk_imported_label_label_set_id_label_set"),
            nullable=False,
        ),
        sa.Column("value", sa.Double()),
        sa.Column("sd", sa.Double()),
        sa.Column("n", sa.Integer()),
        sa.Column("extra", sa.JSON()),
    )


def _event_table(name: str, *own: SchemaItem) -> None:
    op.create_table(
        name,
        *own,
        sa.Column("id", ID, nullable=False),
        sa.Column("act_seq", ID, nullable=False),
        sa.Column("image_id", ID, nullable=False),
        sa.Column("prior_id", ID),
        sa.Column("origin_id", ID),
        sa.Column("sha256", sa.String(64)),
        sa.ForeignKeyConstraint(["act_seq"], ["act.seq"], name=f"fk_{name}_act_seq_act"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=f"fk_{name}_image_id_image"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_act_seq", name, ["act_seq"])
    op.create_index(f"ix_{name}_image_id", name, ["image_id"])
