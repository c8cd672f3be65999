"""German: all that reading it needs."""
