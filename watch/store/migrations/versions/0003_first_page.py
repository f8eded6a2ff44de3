"""What came with the first page of a source"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item", sa.Column("first_page", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE item SET first_page = backlog WHERE backlog")


def downgrade() -> None:
    op.drop_column("item", "first_page")
