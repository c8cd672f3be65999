"""The mailbox in memory: the port's second implementation, and the world around it."""
