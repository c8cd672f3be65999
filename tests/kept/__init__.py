"""Ledgers and a configuration that an earlier ackd left, as data: what today's goes on with.

One folder a version, by its git commit. Its `README.md` says what is in it and how it was made.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "27bb915"
MODES = ("send", "draft")
#: What the earlier ackd itself said of its ledgers, and what the mailboxes held; by mode.
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
ENDPOINT = "https://mail.corp.example/EWS/Exchange.asmx"


def lay_out(mode: str, folder: Path, endpoint: str = ENDPOINT) -> Path:
    """Put the ledger, the templates and the configuration of a mode into a folder, as their owner has
    them; returns the configuration's path."""
    state = folder / "state"
    state.mkdir(mode=0o700)
    place = state / "ledger.sqlite"
    place.touch(mode=0o600)
    with closing(sqlite3.connect(place)) as db:
        db.executescript((FOLDER / f"{mode}.sql").read_text(encoding="utf-8"))
    shutil.copytree(FOLDER / "letters", folder / "letters")
    text = (FOLDER / "config.yaml").read_text(encoding="utf-8")
    for old, new in ((ENDPOINT, endpoint), ("mode: send", f"mode: {mode}")):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def lost(expected: Any, found: Any, where: str = "") -> list[str]:
    """Everything that was said and isn't said any more, or otherwise, in words. More may be said."""
    if isinstance(expected, dict) and isinstance(found, dict):
        gone = [f"{where}: {key!r} is lost (was {expected[key]!r})" for key in expected if key not in found]
        both = [key for key in expected if key in found]
        return gone + [w for key in both for w in lost(expected[key], found[key], f"{where}: {key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [words for number, pair in pairs for words in lost(*pair, f"{where}[{number}]")]
    return [] if expected == found else [f"{where}: was {expected!r}, is {found!r}"]
