"""The request classifier: how probable it is that a mail asks its reader for something."""
