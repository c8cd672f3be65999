"""The follow-through over the wire."""
