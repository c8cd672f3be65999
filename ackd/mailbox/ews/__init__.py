"""The mailbox on Exchange Web Services, through exchangelib."""

from ackd.mailbox.ews.mailbox import EwsMailbox
from ackd.model.access import Access

__all__ = ["Access", "EwsMailbox"]
