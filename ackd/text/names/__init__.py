"""Names of people, and words that stand where a name should and are none."""
