"""Schema 2, whole: tables that the ackd that left it didn't know yet are made."""

from __future__ import annotations

from alembic import op

from ackd.ledger.migrations import schema_2

revision, down_revision, branch_labels, depends_on = "2", None, None, None


def upgrade() -> None:
    """Make what is missing."""
    schema_2.metadata.create_all(op.get_bind())
