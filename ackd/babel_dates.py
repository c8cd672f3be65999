"""Babel's dates, on any machine. Babel asks for the machine's zone when it is loaded (`babel.localtime`), and
can't be loaded where the variable TZ or a file of /etc names something that is none: a folder of the zone
database, another file, a name that is too long. ackd gives a zone with every moment, and needs none of it."""

from __future__ import annotations

import os

try:
    import babel.localtime
except (LookupError, ValueError, OSError):
    _told = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        import babel.localtime  # noqa: F401
    finally:
        if _told is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = _told

from babel.dates import format_datetime, format_timedelta

__all__ = ["format_datetime", "format_timedelta"]
