"""Why an image was flagged, and quality factors beside the score.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns that may be empty, and one table; nothing that is there is touched."""
    op.add_column("flag", sa.Column("reason", sa.String(length=32), nullable=True))
    op.add_column("image", sa.Column("flag_reason", sa.String(length=32), nullable=True))
    measures = ("sharpness", "exposure", "contrast", "noise", "compression")
    op.create_table(
        "factor",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in measures),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_factor_sha256_content")),
        sa.PrimaryKeyConstraint("version", "sha256", name=op.f("pk_factor")),
        sqlite_with_rowid=False,
    )
