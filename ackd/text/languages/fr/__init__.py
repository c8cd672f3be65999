"""French: all that reading it needs."""
