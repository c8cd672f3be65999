"""Schema 4: what the owner said of mails, to learn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "4", "3", None, None


def upgrade() -> None:
    """One table more."""
    text = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "lessons",
        sa.Column(
            "mailbox_id", sa.Integer, sa.ForeignKey("mailboxes.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        *(
            sa.Column(name, text, nullable=False)
            for name in ("message_id", "at", "act", "sender", "kind", "phrases")
        ),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("chance", "taught")),
        sa.UniqueConstraint("mailbox_id", "message_id", name="lessons_mail"),
    )
    op.create_index("lessons_at", "lessons", ["mailbox_id", "at"])
    meta = sa.table("meta", sa.column("key"), sa.column("value"))
    op.execute(sa.update(meta).where(meta.c.key == "schema").values(value=revision))
