"""The page in the browser (`ackd review`): what the commands show, for people who would rather look.

It decides nothing and sends nothing. It reads by `views/`, as the commands do, and writes the same words into
the ledger as they do.
"""
