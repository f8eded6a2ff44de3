"""What people said of labels, and what models say beneath it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from watch.store.types import BigId, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("correction")  # nothing ever wrote into it
    op.create_table(
        "correction",
        sa.Column("id", BigId, nullable=False),
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("brand_id", BigId, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("was", sa.JSON(), nullable=True),
        sa.Column("now", sa.JSON(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_correction_item_id", "correction", ["item_id"], unique=False)
    op.create_table(
        "overruled",
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("brand_id", BigId, nullable=False),
        sa.Column("correction_id", BigId, nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("item_id", "label", "brand_id"),
    )
    op.create_index("ix_overruled_correction_id", "overruled", ["correction_id"], unique=False)


def downgrade() -> None:
    op.drop_table("overruled")
    op.drop_table("correction")
    op.create_table(
        "correction",
        sa.Column("id", BigId, nullable=False),
        sa.Column("mention_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("now", sa.String(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_correction_mention_id", "correction", ["mention_id"], unique=False)
