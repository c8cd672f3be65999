"""How a ledger that an earlier ackd left becomes today's: Alembic's revisions, named as the schemas are.

A revision's tables stand in its own file, as they were then. `ackd.ledger.upgrade` runs them, each time in
one transaction; nothing goes back (docs/administrators.md: the copy that was made before).
"""
