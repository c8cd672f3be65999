"""Benchmarks: ackd beside its peers. `python -m bench` runs them all and prints one table.

A benchmark is a module directly in this package with a `NAME` and a function `run() -> list[Row]`;
it is found by scanning. What several of them need is in `bench.parts`.
"""
