"""What the benchmarks share: rows and tables, an office to measure in, the plain script beside ackd."""
