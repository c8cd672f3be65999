"""One rule a file. Each has a `NAME` and `check(facts, policy)`, which returns a finding or None.

Rules are found by scanning this package; none may depend on another one's answer.
"""
