"""Is this a question for the owner, from inside, by a person? Pure: no I/O, no clock."""
