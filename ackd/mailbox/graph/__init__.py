"""The mailbox on Microsoft Graph, through requests."""

from ackd.mailbox.graph.mailbox import GraphMailbox
from ackd.mailbox.graph.wire import Tokens

__all__ = ["GraphMailbox", "Tokens"]
