"""The mailbox on Exchange Web Services, through exchangelib."""

from ackd.mailbox.ews.connect import Access
from ackd.mailbox.ews.mailbox import EwsMailbox

__all__ = ["Access", "EwsMailbox"]
