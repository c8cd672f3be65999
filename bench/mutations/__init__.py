"""Faults that a person could make, and whether the tests near them notice: `python -m bench.mutations`."""
