"""ackd: no colleague who asks is left in silence, and what was promised is kept."""

__version__ = "1.0.0"
