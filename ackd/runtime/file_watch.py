"""Has a file changed since it was looked at last?"""

from __future__ import annotations

from pathlib import Path


class Watch:
    """Compares what the file system says of a file: time, size and identity (editors replace
    files). One cheap look, no content read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether it is another file than at the last look; a file that is gone hasn't changed."""
        now = self._look()
        if now is None or now == self._seen:
            return False
        self._seen = now
        return True

    def is_gone(self) -> bool:
        """Whether it isn't there now; one that comes back has changed."""
        if self._look() is not None:
            return False
        self._seen = None
        return True

    def forget(self) -> None:
        """Let the next look find a change, whatever the file system says."""
        self._seen = None

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
