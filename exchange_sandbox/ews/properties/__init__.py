"""Properties of items and folders: their kinds, their tables in schema order, reading and setting them."""
