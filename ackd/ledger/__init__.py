"""The durable record: mails seen, verdicts, promises, effects."""

from ackd.ledger.store import SqlLedger

__all__ = ["SqlLedger"]
