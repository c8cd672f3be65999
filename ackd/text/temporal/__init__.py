"""Dates, deadlines and durations in words, in seven languages. Pure."""
