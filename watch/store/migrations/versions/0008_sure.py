"""Whether the model is sure of a sentiment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Labels that stand were told as they are; the next labelling, which the new models bring, says better.
    op.add_column("mention", sa.Column("sure", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("mention", "sure")
