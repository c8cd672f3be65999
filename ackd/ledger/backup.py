"""The copy of a ledger's file that is made before it is upgraded."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from ackd import own_files
from ackd.errors import LedgerError

log = logging.getLogger(__name__)

#: Of the ledger's size: the copy, the tables anew beside the old ones, and the journal of both.
_ROOM = 4
_SPARE = 2**20


def copy_of(path: Path, found: str) -> Path:
    """Where the copy of a file with that schema is."""
    return path.with_name(f"{path.stem}.schema-{found}{path.suffix}")


def keep(db: sa.Connection, path: Path, found: str) -> Path:
    """Copy a file whose writing transaction the caller holds; an earlier copy of the same schema gives way.
    Raises LedgerError where that can't be done; then nothing was changed."""
    target = copy_of(path, found)
    part = target.with_name(target.name + ".part")
    size = sum(one.stat().st_size for one in (path, path.with_name(path.name + "-wal")) if one.exists())
    free = shutil.disk_usage(path.parent).free
    try:
        if free < _ROOM * size + _SPARE:
            raise _impossible(
                path, f"it takes {_ROOM * size + _SPARE:,} bytes, {free:,} are free", "free some space"
            )
        part.unlink(missing_ok=True)
        own_files.own_file(part, "ledger", make=True)
        _copy(db, part)
        part.replace(target)
        _sync(target.parent)
    except (OSError, db.dialect.loaded_dbapi.Error) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        words = getattr(error, "strerror", None) or str(error)
        raise _impossible(path, words, "check the space and the rights of its folder") from error
    log.info("event=ledger-copied schema=%s: %s", found, target)
    return target


def forget(path: Path, before: datetime) -> None:
    """Let copies go that were made before a moment: what they hold is as old."""
    for copy in _copies(path):
        if copy.stat().st_mtime < before.timestamp():
            copy.unlink()
            log.info("event=ledger-copy-gone: %s", copy)


def _copies(path: Path) -> Iterator[Path]:
    yield from path.parent.glob(f"{path.stem}.schema-*{path.suffix}")


def _copy(db: sa.Connection, part: Path) -> None:
    """By SQLite's own way to copy, from a connection beside: that of the transaction may not be read so."""
    beside = db.engine.raw_connection()
    try:
        made = db.dialect.loaded_dbapi.connect(str(part))
        try:
            source = beside.driver_connection
            assert source is not None
            source.backup(made)
            made.execute("PRAGMA journal_mode=DELETE")  # one file, with no others beside it
        finally:
            made.close()
    finally:
        beside.close()
    _sync(part)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _impossible(path: Path, cause: str, remedy: str) -> LedgerError:
    return LedgerError(
        f"ledger {path}: no copy could be made before its upgrade: {cause}; {remedy}: nothing was changed"
    )
