"""The engine: a pass, its steps, what they decide and do."""
