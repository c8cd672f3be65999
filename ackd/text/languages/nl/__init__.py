"""Dutch: all that reading it needs."""
