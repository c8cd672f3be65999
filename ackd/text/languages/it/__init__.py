"""Italian: all that reading it needs."""
