"""The durable record: mails seen, verdicts, promises, effects."""

from ackd.ledger.memory import MemoryLedger
from ackd.ledger.shared import SharedDatabase
from ackd.ledger.store import SqlLedger

__all__ = ["MemoryLedger", "SharedDatabase", "SqlLedger"]
