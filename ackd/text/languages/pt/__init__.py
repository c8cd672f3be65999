"""Portuguese: all that reading it needs."""
