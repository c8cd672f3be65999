"""Spanish: all that reading it needs."""
