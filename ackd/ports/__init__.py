"""The ports: what the engine asks of the world. Small protocols with frozen values; each method is
documented here and not at its implementations."""

from ackd.ports.clock import Clock
from ackd.ports.ledger import Ledger
from ackd.ports.mailbox import (
    Coordination,
    Directory,
    Inspection,
    Mailbox,
    OwnerProfile,
    Reading,
    Tasks,
    Writing,
)

__all__ = [
    "Clock",
    "Coordination",
    "Directory",
    "Inspection",
    "Ledger",
    "Mailbox",
    "OwnerProfile",
    "Reading",
    "Tasks",
    "Writing",
]
