"""The mailbox on Microsoft Graph, through requests."""

from ackd.mailbox.graph.mailbox import GraphMailbox

__all__ = ["GraphMailbox"]
