"""Properties of items and folders: their kinds, their tables in schema order, and how they are read and set."""
