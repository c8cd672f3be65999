"""When the owner will answer, and what became of it. Pure: no I/O, and no clock of its own."""
