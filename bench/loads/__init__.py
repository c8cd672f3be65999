"""Loads that no day of an office brings, one command: `python -m bench.loads --backend ews|graph NAME`."""
