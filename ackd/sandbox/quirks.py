"""Ways in which real servers differ from what is documented, each to be switched on for a test.

Each was seen on a real server; a client that means to work everywhere needs a way without what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Quirks:
    """All off by default: then the sandbox behaves as Exchange is documented."""

    no_commit_time: bool = False
    """Folders do not give PidTagLocalCommitTimeMax (0x670A)."""
    no_derived_bodies: bool = False
    """TextBody and UniqueBody are not given."""
    fractional_seconds: bool = False
    """Moments are written with milliseconds."""
    no_conflicts: bool = False
    """UpdateItem never reports a conflict: a stale write wins."""
    nonsense_sync_state: bool = False
    """A sync state that cannot be read is answered with everything as new instead of an error."""
    read_flag_as_update: bool = False
    """A sync reports a changed read flag as Update."""
    own_message_ids: bool = False
    """A mail that is sent gets a Message-ID of the server's, whatever the client gave it."""
    no_auto_submitted: bool = False
    """Auto-Submitted is stripped from mail that is sent."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The quirks of these names, ``all`` for all of them; raises ValueError for one that is not known."""
        known = [one.name for one in fields(cls)]
        wanted = set(names)
        unknown = wanted - {*known, "all"}
        if unknown:
            raise ValueError(
                f"{', '.join(sorted(unknown))}: no such quirk; known are {', '.join(known)} and all"
            )
        return cls(**{name: True for name in known if name in wanted or "all" in wanted})
