"""English: all that reading it needs."""
