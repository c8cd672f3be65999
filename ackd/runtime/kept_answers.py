"""What was answered in an `ackd init` that came to no end, for the next one. No secret is ever in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ackd import own_files
from ackd.config.store_secret import store_in_file
from ackd.errors import AckdError

FILE = "ackd-init.json"  # beside the configuration
_LARGEST = 100_000


class KeptAnswers:
    """Answers by the name of their question."""

    def __init__(self, config_path: Path) -> None:
        self.path = config_path.parent.absolute() / FILE

    def read(self) -> dict[str, str]:
        """What is kept; nothing where that can't be read, or others might have written it."""
        try:
            own_files.trusted(self.path, "answers")
            found = json.loads(self.path.read_bytes()[:_LARGEST])
            return {str(name): text for name, text in found.items() if isinstance(text, str)}
        except (OSError, ValueError, AttributeError, RecursionError, AckdError):
            return {}

    def keep(self, answers: Mapping[str, str]) -> bool:
        """Keep them, in place of earlier ones; returns whether that could be done."""
        try:
            store_in_file(self.path, json.dumps(dict(answers), ensure_ascii=False, indent=1) + "\n")
        except AckdError:
            return False
        return True

    def forget(self) -> None:
        """They are in a configuration now."""
        self.path.unlink(missing_ok=True)
