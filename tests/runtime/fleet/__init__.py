"""The fleet: many mailboxes, several workers."""
