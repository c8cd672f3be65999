"""The fleet under load and under attack: what it takes, and that nothing happens twice or is lost."""
