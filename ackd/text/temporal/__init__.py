"""Dates, deadlines and durations in words, in each language that has a folder. Pure."""
