"""What stories are found by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from watch.store.types import BigId

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_REMEMBERED = sa.text("signature IS NOT NULL")


def upgrade() -> None:
    op.drop_index("story_recent", "story")
    # The signatures were made in another way: stories told so far take no further items, but keep those they have.
    op.drop_column("story", "signature")
    op.add_column("story", sa.Column("signature", sa.LargeBinary(), nullable=True))
    op.create_index("story_recent", "story", ["last_seen"], sqlite_where=_REMEMBERED, postgresql_where=_REMEMBERED)
    op.create_table(
        "story_mark",
        sa.Column("story_id", BigId, nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story_id", "mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("story_mark_found", "story_mark", ["mark"], unique=False)


def downgrade() -> None:
    op.drop_table("story_mark")
    op.drop_index("story_recent", "story")
    op.drop_column("story", "signature")
    op.add_column("story", sa.Column("signature", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("story_recent", "story", ["last_seen"], unique=False)
